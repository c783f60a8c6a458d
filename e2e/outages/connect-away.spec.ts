import { openSessions, query, ShopClient, until, type System } from '@checkout/testkit';
import { bookedOnce, evidenceAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { judge } from '../judge.js';

const ORDERS = 12;
/** A hundred times what a row takes to be archived while all is well. */
const LONG_ENOUGH = '3 seconds';

test.describe('while Kafka Connect stands still', () => {
  test('no outbox row is archived; afterwards all are', async ({ system }) => {
    const client = new ShopClient(system.url);
    const customers = await openSessions(client, ORDERS);
    const wish = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };

    system.kill('connect', 'SIGSTOP');
    let ids: string[];
    try {
      const placed = await Promise.all(customers.map((one) => client.placeOrder(one, wish)));
      ids = placed.map(({ id }) => id);
      await until({ what: 'the rows grow old', withinMs: 30_000 }, async () => {
        const [row] = await rows<{ old: boolean }>(
          system,
          `SELECT count(*) = ${ORDERS} AS old FROM outbox WHERE aggregateid = ANY($1)
             AND created_at < now() - interval '${LONG_ENOUGH}'`,
          ids,
        );
        return row?.old;
      });
      const archived = await rows(
        system,
        'SELECT id FROM outbox_archive WHERE aggregateid = ANY($1)',
        ids,
      );
      expect(archived).toEqual([]);
    } finally {
      system.kill('connect', 'SIGCONT');
    }

    const { byStatus } = await judge(system, { withinMs: 60_000, accepted: ids });
    expect(byStatus).toEqual({ booked: ORDERS });
    const archived = await rows(
      system,
      `SELECT id FROM outbox_archive WHERE aggregateid = ANY($1) AND type = 'OrderPlaced'`,
      ids,
    );
    expect(archived).toHaveLength(ORDERS);
  });
});

test.describe('once its rows are published', () => {
  test('PostgreSQL is told so and may throw its log away', async ({ system }) => {
    const database = system.databaseUrl('orders');
    const client = new ShopClient(system.url);
    const wish = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };
    const customer = await client.openSession();
    await client.placeOrder(customer, wish);
    const [written] = await query<{ position: string }>(
      database,
      'SELECT pg_current_wal_lsn() AS position',
    );
    await until({ what: 'the slot has passed the order', withinMs: 30_000 }, async () => {
      const [slot] = await query<{ passed: boolean }>(
        database,
        `SELECT confirmed_flush_lsn >= $1::pg_lsn AS passed FROM pg_replication_slots
         WHERE slot_name = 'orders_outbox'`,
        [written?.position],
      );
      return slot?.passed;
    });
    const evidence = await evidenceAtRest(system, customer.customerId, { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });
});

function rows<Row extends object>(system: System, sql: string, ids: readonly string[]) {
  return query<Row>(system.databaseUrl('orders'), sql, [ids]);
}
