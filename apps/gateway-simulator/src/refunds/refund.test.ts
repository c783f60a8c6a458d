import 'reflect-metadata';
import { freshDatabase, type FreshDatabase, query, until } from '@checkout/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';
import { refundable } from './refund.js';

let database: FreshDatabase;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  database = await freshDatabase();
  gateway = await GatewayUnderTest.start(database.url);
});
afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

describe('what may be returned of 4200', () => {
  test.each([
    [0, null, { kind: 'refund', amount: 4200 }],
    [0, 4200, { kind: 'refund', amount: 4200 }],
    [1200, null, { kind: 'refund', amount: 3000 }],
    [1200, 3001, { kind: 'too-much', left: 3000 }],
    [4200, 1, { kind: 'nothing-left' }],
    [4200, null, { kind: 'nothing-left' }],
  ])('when %i was returned and %s is asked for', (amountRefunded, asked, refunding) => {
    expect(refundable({ amount: 4200, amountRefunded }, asked)).toEqual(refunding);
  });
});

test('a refund is booked with what an auditor compares, and the fee stays', async () => {
  const intent = await gateway.intentOf('order-1');
  await gateway.confirm(intent, 'order-1:confirm:1');
  const form = { payment_intent: intent, amount: '1200', 'metadata[order_id]': 'order-1' };
  await gateway.post('/v1/refunds', { ...form, reason: 'duplicate' }, 'order-1:refund:1');
  expect((await gateway.get('/books/refunds?orderId=order-1')).body.data).toEqual([
    {
      id: expect.stringMatching(/^re_/) as string,
      charge: expect.stringMatching(/^ch_/) as string,
      paymentIntent: intent,
      orderId: 'order-1',
      amount: 1200,
      currency: 'eur',
      status: 'succeeded',
      reason: 'duplicate',
      metadata: { order_id: 'order-1' },
      idempotencyKey: 'order-1:refund:1',
      created: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    },
  ]);
});

test('a refund is in the log under its order, although it names only the intent', async () => {
  const intent = await gateway.intentOf('order-2');
  await gateway.confirm(intent, 'order-2:confirm:1');
  await gateway.post('/v1/refunds', { payment_intent: intent }, 'order-2:refund:1');
  await gateway.get(`/v1/refunds?payment_intent=${intent}`);
  const { data } = (await gateway.get('/books/requests?orderId=order-2')).body;
  expect(data.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'GET']);
});

/** Behind the back of all the code above the table. */
describe('the database itself refuses', () => {
  async function charged(order: string): Promise<string> {
    await gateway.confirm(await gateway.intentOf(order), `${order}:confirm:1`);
    return order;
  }
  const INSERT = (change: string): string =>
    `INSERT INTO refunds
       (id, charge, payment_intent, amount, currency, status, balance_transaction, metadata,
        created)
     SELECT gen_random_uuid(), id, payment_intent, ${change}, 'succeeded', 'txn', '{}', now()
     FROM charges WHERE order_id = $1`;
  const insert = (order: string, change: string): Promise<unknown> =>
    database.query(INSERT(change), [order]);

  test.each([
    ['more than was captured', 'amount + 1, currency'],
    ['another currency', `amount, 'usd'`],
  ])('%s', async (what, change) => {
    await expect(insert(await charged(what), change)).rejects.toThrow('no more of it');
  });

  test('a second whole refund', async () => {
    const order = await charged('order-3');
    await insert(order, 'amount, currency');
    await expect(insert(order, '1, currency')).rejects.toThrow('no more of it');
  });

  test('a second whole refund that began before the first was committed', async () => {
    const order = await charged('order-5');
    const first = new Client({ connectionString: database.url });
    await first.connect();
    await first.query('BEGIN');
    await first.query(INSERT('amount, currency'), [order]);
    const second = expect(insert(order, 'amount, currency')).rejects.toThrow('no more of it');
    await until({ what: 'the second waits', withinMs: 5_000, everyMs: 20 }, async () => {
      // By a connection of its own: within a database transaction this view stays as first seen.
      const waiting = `SELECT FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      return (await query(database.url, waiting)).length === 1;
    });
    await first.query('COMMIT');
    await first.end();
    await second;
  });

  test('a refund of a charge that failed', async () => {
    const intent = await gateway.intentOf('order-4');
    await gateway.confirm(intent, 'order-4:confirm:1', 'pm_card_visa_chargeDeclined');
    await expect(insert('order-4', 'amount, currency')).rejects.toThrow('was captured');
  });

  test.each(['UPDATE refunds SET amount = 1', 'DELETE FROM refunds', 'TRUNCATE refunds'])(
    '%s',
    async (change) => {
      await insert(await charged(change), 'amount, currency');
      await expect(database.query(change)).rejects.toThrow('append-only');
    },
  );
});
