import type { InputRecord, KeyRange, KeyReader, OutputRecord } from '@checkout/eos';
import { readEvent } from '@checkout/events';
import { beforeEach, describe, expect, it } from 'vitest';
import { knownFacts } from './known-facts.js';
import { numbered, orderPlaced, paymentOf, stockAdded, type Line } from './testing/given.js';
import { Pipeline } from './testing/pipeline.js';

const orderId = numbered(1);
/** What the id says. */
const MADE_AT = 0x0192_f0c1_0000;
const at = (ms: number): string => new Date(MADE_AT + ms).toISOString();

/** A log in memory, of what the stages wrote: a record every ten milliseconds from a start. */
class Log implements KeyReader {
  readonly records: InputRecord[] = [];
  readonly looks: KeyRange[] = [];
  startMs = 100;

  write(record: OutputRecord): void {
    const offset = BigInt(this.records.length);
    const timestamp = MADE_AT + this.startMs + this.records.length * 10;
    this.records.push({ ...record, offset, timestamp });
  }

  read(range: KeyRange): Promise<InputRecord[]> {
    this.looks.push(range);
    const { topic, partition, key, fromMs, untilMs } = range;
    return Promise.resolve(
      this.records.filter(
        (one) =>
          one.topic === topic &&
          one.partition === partition &&
          one.key === key &&
          one.timestamp >= fromMs &&
          one.timestamp <= untilMs,
      ),
    );
  }

  close(): void {}
}

let log: Log;
let pipeline: Pipeline;
beforeEach(() => {
  log = new Log();
  pipeline = new Pipeline();
});

function run(...records: readonly OutputRecord[]): void {
  for (const record of records) pipeline.publish(record);
  for (let next = pipeline.unread()[0]; next; next = pipeline.unread()[0]) {
    for (const output of pipeline.step(next)) {
      pipeline.publish(output);
      log.write(output);
    }
  }
}

function place(...lines: readonly Line[]): void {
  const stock = lines.map(({ sku }, i) => stockAdded(numbered(i, 7), { sku, quantity: 3 }));
  run(...stock);
  run(orderPlaced({ orderId, lines }));
}

const told = async () => {
  const facts = await knownFacts(log, orderId);
  return facts.map(({ what, text }) => `${what}: ${text}`);
};

describe('what is known of an order here', () => {
  it('is each answer and the outcome, in the order of their times', async () => {
    place({ sku: 'espresso-cup', quantity: 2 }, { sku: 'tea-pot', quantity: 1 });
    expect((await told()).toSorted()).toEqual([
      'decision: All answers are in: approved.',
      'fraud: Fraud checked: nothing found. Orders of this customer within a minute: 1.',
      'split: Asked about 2 lines of stock, and about fraud.',
      'stock: Stock reserved: 1 × tea-pot, of bucket tea-pot/0.',
      'stock: Stock reserved: 2 × espresso-cup, of bucket espresso-cup/0.',
    ]);
    const facts = await knownFacts(log, orderId);
    expect(facts.map((fact) => fact.at)).toEqual(facts.map((fact) => fact.at).toSorted());
    expect([facts[0]?.what, facts.at(-1)?.what]).toEqual(['split', 'decision']);
  });

  it('says of each when its record was written, and where it lies', async () => {
    place({ sku: 'tea-pot', quantity: 1 });
    const facts = await knownFacts(log, orderId);
    expect(facts).toHaveLength(4);
    for (const { at: when, details } of facts) {
      const record = log.records.find(({ headers }) => headers['id'] === details['eventId']);
      expect(record).toMatchObject({
        topic: details['topic'],
        partition: details['partition'],
        offset: BigInt(String(details['offset'])),
        timestamp: Date.parse(when),
      });
    }
  });

  it('is why it was rejected, with both figures', async () => {
    place({ sku: 'tea-pot', quantity: 4 });
    expect(await told()).toEqual(
      expect.arrayContaining([
        'stock: Stock refused: 4 × tea-pot were asked for, 3 are left.',
        'decision: Rejected. Tea pot: you asked for 4, 3 are left.',
      ]),
    );
  });

  it('is that stock goes back when the payment comes to nothing', async () => {
    place({ sku: 'tea-pot', quantity: 1 });
    const [approved] = pipeline.events('OrderApproved');
    run(...paymentOf(approved!, 'declined'));
    expect((await told()).at(-1)).toBe('closed: The payment was declined: stock is given back.');
  });

  it('names what was told again as a repeat, and what cannot be read', async () => {
    place({ sku: 'tea-pot', quantity: 1 });
    const again = log.records.find(({ headers }) => headers['type'] === 'FraudCleared')!;
    log.write(again as OutputRecord);
    log.write({ ...again, value: Buffer.from('{') } as OutputRecord);
    const texts = await told();
    expect(texts.at(-2)).toMatch(/^repeat: Told again: Fraud checked: nothing found\./);
    expect(texts.at(-1)).toMatch(/^parked: It cannot be read: the value is not JSON/);
  });
});

describe('where it looks', () => {
  it('is the time of the order, and no further than its outcome needs', async () => {
    place({ sku: 'tea-pot', quantity: 1 });
    await knownFacts(log, orderId);
    expect(log.looks).toHaveLength(3);
    for (const { fromMs, untilMs } of log.looks) {
      expect([at(fromMs - MADE_AT), at(untilMs - MADE_AT)]).toEqual([at(-5_000), at(120_000)]);
    }
  });

  it('goes on for an hour when the order was heard of late', async () => {
    log.startMs = 10 * 60_000;
    place({ sku: 'tea-pot', quantity: 1 });
    expect(await told()).toContain('decision: All answers are in: approved.');
  });

  it('is nobody else’s partition, nor before there was any time', async () => {
    place({ sku: 'tea-pot', quantity: 1 });
    expect(await knownFacts(log, '00000000-0000-7000-8000-000000000001')).toEqual([]);
    expect(log.looks.every(({ fromMs }) => fromMs >= 0)).toBe(true);
    expect(log.records.map((record) => readEvent(record).type)).toContain('OrderApproved');
  });
});
