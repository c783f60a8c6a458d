import { refundTransactionId } from '@checkout/events';
import { connectAndMigrate, postgresOptions } from '@checkout/nest-service';
import { freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BalancesController } from '../balances.controller.js';
import { bookCharge, reverseCharge, type Booking } from '../double-entry.js';
import { KnownFactsController } from '../known-facts.controller.js';
import { payment, refund } from '../testing/payment.js';
import { CreateLedger } from './0001-create-ledger.js';

let database: FreshDatabase;
let owner: DataSource;
let sink: Client;

/** As in production: the owner is no superuser, and the sink has a role of its own. */
beforeAll(async () => {
  database = await freshDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.query(`
    DO $$ BEGIN
      IF to_regrole('ledger_sink') IS NULL THEN CREATE ROLE ledger_sink; END IF;
    END $$;
    CREATE ROLE books LOGIN PASSWORD 'books';
    ALTER DATABASE ${name} OWNER TO books`);
  const url = Object.assign(new URL(database.url), { username: 'books', password: 'books' });
  owner = await connectAndMigrate(
    postgresOptions(url.href, { entities: [], migrations: [CreateLedger] }),
  );
  sink = new Client({ connectionString: database.url });
  await sink.connect();
  await sink.query('SET ROLE ledger_sink');
}, 60_000);

afterAll(async () => {
  await sink?.end();
  await owner?.destroy();
  await database?.drop();
});

let orders = 0;
const newOrder = (): string =>
  `0192f0c1-0000-7000-8000-${(orders += 1).toString(16).padStart(12, '0')}`;

/** An entry of an order of its own, as the topic holds it. */
function entry(change: Parameters<typeof payment>[0] = {}): { id: string; text: string } {
  return asRecord(bookCharge(payment({ orderId: newOrder(), ...change })));
}

function asRecord(booking: Booking): { id: string; text: string } {
  if (booking.kind !== 'entry') throw new Error(booking.reason);
  return { id: booking.entry.transactionId, text: JSON.stringify(booking.entry) };
}

/** The statement of the sink connector. */
async function upsert(id: string, text: string): Promise<number> {
  const { rowCount } = await sink.query(
    `INSERT INTO ledger_entries (transaction_id, entry) VALUES ($1, $2)
     ON CONFLICT (transaction_id) DO UPDATE SET entry = EXCLUDED.entry`,
    [id, text],
  );
  return rowCount ?? 0;
}

async function stored(id: string): Promise<Record<string, unknown>[]> {
  return database.query('SELECT * FROM ledger_entries WHERE transaction_id = $1', [id]);
}

describe('the ledger table', () => {
  it('keeps the bytes of the record, and columns that come from them', async () => {
    const { id, text } = entry({ gatewayReference: 'pi_7' });
    await upsert(id, text);

    expect(await stored(id)).toMatchObject([
      {
        entry: text,
        kind: 'charge',
        currency: 'EUR',
        gateway_reference: 'pi_7',
        occurred_at: payment().occurredAt,
      },
    ]);
  });

  it('lets an equal repeat pass and changes nothing', async () => {
    const { id, text } = entry();
    await upsert(id, text);
    const before = await stored(id);

    expect(await upsert(id, text)).toBe(0);
    expect(before).toHaveLength(1);
    expect(await stored(id)).toEqual(before);
  });

  it('refuses other content under a known id, and the whole batch with it', async () => {
    const { id, text } = entry();
    await upsert(id, text);

    await expect(upsert(id, text.replace('pi_1', 'pi_2'))).rejects.toThrow(/other content/);
    expect(await stored(id)).toMatchObject([{ entry: text }]);
  });

  it.each([
    ['no JSON', () => 'paid'],
    ['another transaction id', (text: string) => text.replace(/"transactionId":"./, '$&0')],
    ['legs that do not balance', (text: string) => text.replace('"147"', '"148"')],
    ['no debit', (text: string) => text.replaceAll('debit', 'credit')],
    ['no legs', (text: string) => text.replace(/"legs":\[.*\]/, '"legs":[]')],
    ['no order', (text: string) => text.replace('orderId', 'order')],
  ])('refuses an entry with %s', async (_fault, broken) => {
    const { id, text } = entry();
    expect(broken(text)).not.toBe(text);

    await expect(upsert(id, broken(text))).rejects.toThrow();
    expect(await stored(id)).toEqual([]);
  });

  it('removes nothing, even for an administrator', async () => {
    const { id, text } = entry();
    await upsert(id, text);

    for (const removal of ['DELETE FROM ledger_entries', 'TRUNCATE ledger_entries']) {
      await expect(database.query(removal)).rejects.toThrow(/never removed/);
    }
    expect(await stored(id)).toHaveLength(1);
  });

  it('lets the sink write and read, and nothing else', async () => {
    const may = [
      'DELETE FROM ledger_entries',
      'TRUNCATE ledger_entries',
      'DROP TABLE ledger_entries',
    ];
    for (const statement of may) {
      await expect(sink.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  it('lets its owner read only', async () => {
    const { id, text } = entry();
    await expect(
      owner.query('INSERT INTO ledger_entries (transaction_id, entry) VALUES ($1, $2)', [id, text]),
    ).rejects.toThrow(/permission denied/);
  });
});

describe('the views', () => {
  it('show each leg, and balances in which debits equal credits', async () => {
    const { id, text } = entry({ amount: { amount: '9000', currency: 'JPY' }, ...yen });
    await upsert(id, text);

    const legs = await owner.query<object[]>(
      `SELECT account, direction, amount::text FROM ledger_legs
       WHERE transaction_id = $1 ORDER BY leg_number`,
      [id],
    );
    expect(legs).toEqual([
      { account: 'gateway-receivable', direction: 'debit', amount: '8700' },
      { account: 'gateway-fees', direction: 'debit', amount: '300' },
      { account: 'sales-revenue', direction: 'credit', amount: '9000' },
    ]);

    const { data } = await new BalancesController(owner).balances();
    expect(data.filter(({ currency }) => currency === 'JPY')).toEqual([
      { account: 'gateway-fees', currency: 'JPY', debits: '300', credits: '0' },
      { account: 'gateway-receivable', currency: 'JPY', debits: '8700', credits: '0' },
      { account: 'sales-revenue', currency: 'JPY', debits: '0', credits: '9000' },
    ]);
    for (const currency of new Set(data.map((balance) => balance.currency))) {
      const own = data.filter((balance) => balance.currency === currency);
      expect(sum(own.map(({ debits }) => debits))).toBe(sum(own.map(({ credits }) => credits)));
    }
  });

  it('show an order whose money went back: nothing earned, nothing owed, and the fee', async () => {
    const orderId = newOrder();
    const crown = (amount: string) => ({ amount, currency: 'SEK' });
    const whole = { orderId, amount: crown('9000'), tax: crown('1800') };
    for (const booking of [
      bookCharge(payment({ ...whole, fee: crown('300') })),
      reverseCharge(refund(whole)),
    ]) {
      const { id, text } = asRecord(booking);
      expect(await upsert(id, text)).toBe(1);
      expect(await upsert(id, text)).toBe(0);
    }

    const kinds = await owner.query<object[]>(
      'SELECT kind FROM ledger_entries WHERE order_id = $1 ORDER BY occurred_at',
      [orderId],
    );
    expect(kinds).toEqual([{ kind: 'charge' }, { kind: 'refund' }]);
    const { facts } = await new KnownFactsController(owner).known({ id: orderId });
    expect(facts).toMatchObject([
      { what: 'entry', details: { kind: 'charge', gatewayReference: 'pi_1' } },
      {
        text: 'The refund was booked: one balanced entry, written by the sink.',
        details: { transactionId: refundTransactionId(orderId, 1), legs: { length: 3 } },
      },
    ]);
    const { data } = await new BalancesController(owner).balances();
    expect(data.filter(({ currency }) => currency === 'SEK')).toEqual([
      { account: 'gateway-fees', currency: 'SEK', debits: '300', credits: '0' },
      { account: 'gateway-receivable', currency: 'SEK', debits: '8700', credits: '9000' },
      { account: 'sales-revenue', currency: 'SEK', debits: '7200', credits: '7200' },
      { account: 'vat-payable', currency: 'SEK', debits: '1800', credits: '1800' },
    ]);
  });
});

const sum = (amounts: readonly string[]): bigint =>
  amounts.reduce((total, amount) => total + BigInt(amount), 0n);

const yen = {
  fee: { amount: '300', currency: 'JPY' },
  tax: { amount: '0', currency: 'JPY' },
};
