import { readTopic } from '@checkout/eos';
import { openSessions, query, ShopClient, type System, until } from '@checkout/testkit';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../fixtures.js';
import { judge } from '../judge.js';

const PROGRAM = fileURLToPath(new URL('../../examples/bestsellers/dist/main.js', import.meta.url));
const CUSTOMERS = 40;
/** The session of its killed predecessor has to run out, or it takes the place over. */
const COUNTED_WITHIN_MS = 45_000;

interface Count {
  readonly sku: string;
  readonly pieces: number;
}

test.describe('a Nest application of somebody else reads the orders of the shop', () => {
  let application: ChildProcess | undefined;
  test.afterEach(() => application?.kill('SIGKILL'));

  test('killed while it counts, it has counted each piece once', async ({ system }) => {
    const client = new ShopClient(system.url);
    const customers = await openSessions(client, CUSTOMERS);
    const buy = async (): Promise<string[]> => {
      const wish = { sku: 'milk-jug', quantity: 3 };
      const order = { lines: [wish, { sku: 'coffee-beans', quantity: 1 }] };
      const placed = customers.map((one) =>
        client.placeOrder(one, { ...order, paymentMethod: 'pm_card_visa' }),
      );
      return (await Promise.all(placed)).map(({ id }) => id);
    };
    const accepted = await buy();
    application = start(system);
    await until({ what: 'it counts', withinMs: COUNTED_WITHIN_MS }, async () => {
      return (await counts(system)).length > 0;
    });

    const earlier = (await counts(system)).length;
    const meanwhile = buy();
    await until({ what: 'it counts on', withinMs: COUNTED_WITHIN_MS, everyMs: 10 }, async () => {
      return (await counts(system)).length > earlier;
    });
    application.kill('SIGKILL');
    await once(application, 'exit');
    application = start(system);
    accepted.push(...(await meanwhile), ...(await buy()));

    await judge(system, { withinMs: 60_000, accepted });
    const ordered = await approved(system);
    await until({ what: 'each line is counted', withinMs: COUNTED_WITHIN_MS }, async () => {
      return (await counts(system)).length >= ordered.lines;
    });
    const counted = await counts(system);
    expect(counted).toHaveLength(ordered.lines);
    expect(lastOf(counted)).toEqual(ordered.pieces);
  });
});

function start(system: System): ChildProcess {
  const env = { ...process.env, KAFKA_BROKERS: system.brokers.join(',') };
  return spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** In order, product by product. */
async function counts(system: System): Promise<Count[]> {
  const records = await readTopic({ brokers: system.brokers, topic: 'bestsellers' });
  return records.map(({ value }) => JSON.parse(String(value)) as Count);
}

/** A count that went back, or stood still, would show in the last one. */
function lastOf(counted: readonly Count[]): Record<string, number> {
  return Object.fromEntries(counted.map(({ sku, pieces }) => [sku, pieces]));
}

/** By the shop's own books. */
async function approved(system: System) {
  const rows = await query<{ sku: string; pieces: number; lines: number }>(
    system.databaseUrl('orders'),
    `SELECT sku, sum(quantity)::integer AS pieces, count(*)::integer AS lines
     FROM order_lines JOIN order_facts USING (order_id) WHERE kind = 'approved' GROUP BY sku`,
  );
  return {
    lines: rows.reduce((sum, { lines }) => sum + lines, 0),
    pieces: Object.fromEntries(rows.map(({ sku, pieces }) => [sku, pieces])),
  };
}
