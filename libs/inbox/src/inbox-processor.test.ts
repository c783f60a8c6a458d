import { type Delivery, type InputRecord, PoisonError } from '@checkout/eos';
import { type AnyEvent, eventId } from '@checkout/events';
import { freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inboxBatchProcessor, type Received } from './inbox-processor.js';
import { unreadableId } from './park.js';
import { repeatsTable } from './repeats.js';
import { inboxTables } from './tables.js';

let database: FreshDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  for (const statement of [...inboxTables, repeatsTable]) await dataSource.query(statement);
  await dataSource.query('CREATE TABLE effects (sku text CHECK (sku <> $$forbidden$$))');
}, 30_000);
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => dataSource.query('TRUNCATE inbox, inbox_repeats, parked, effects'));

const CAUSE = '0190a6b2-6f00-7000-8000-000000000001';
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let nextOffset = 0n;
function recordWith(value: string | null): InputRecord {
  nextOffset += 1n;
  return {
    topic: 'inventory.levels',
    partition: 1,
    offset: nextOffset,
    key: 'cup/0',
    value: value === null ? null : Buffer.from(value),
    headers: { type: 'StockLevelChanged' },
    timestamp: 0,
  };
}

function level(sku: string, id = eventId(CAUSE, 'StockLevelChanged', sku)): Delivery<AnyEvent> {
  const payload = { sku, bucket: `${sku}/0`, available: 1, occurredAt: '2026-11-24T12:00:01.204Z' };
  const event = { id, type: 'StockLevelChanged', causationId: CAUSE, traceparent: '', payload };
  return { record: recordWith(JSON.stringify(payload)), event: event as AnyEvent };
}

const unreadable = (): Delivery<AnyEvent> => ({
  record: recordWith('{"broken'),
  poison: 'the value is not JSON',
});

/**
 * Leaves a trace of each call; some products are poison, in two ways, and some fail for a moment.
 */
async function leaveTrace(tx: EntityManager, event: AnyEvent): Promise<void> {
  const { sku } = event.payload as { sku: string };
  await tx.query('INSERT INTO effects VALUES ($1)', [sku]);
  if (sku === 'poison') throw new PoisonError('nobody can handle this product');
  if (sku === 'later') throw new Error('a service was away');
}

const process = (group = 'order.test') =>
  inboxBatchProcessor<AnyEvent>({ dataSource, group, log, handleAll: leaveTraces });

async function leaveTraces(tx: EntityManager, received: readonly Received<AnyEvent>[]) {
  for (const { event } of received) await leaveTrace(tx, event);
}

const effects = async () =>
  (await database.query<{ sku: string }>('SELECT sku FROM effects ORDER BY ctid')).map(
    ({ sku }) => sku,
  );
const marks = () => database.query('SELECT consumer_group, event_id FROM inbox');
const parked = () =>
  database.query<{ reason: string; event_id: string }>('SELECT * FROM parked ORDER BY "offset"');

const saying = (text: RegExp): unknown => expect.stringMatching(text);

describe('repeats', () => {
  test('a batch that comes again has no second effect', async () => {
    const batch = [level('cup'), level('jug')];
    await process()(batch);
    await process()(batch);
    expect(await effects()).toEqual(['cup', 'jug']);
  });

  test('two deliveries of one event in one batch have one effect', async () => {
    await process()([level('cup'), level('jug'), level('cup')]);
    expect(await effects()).toEqual(['cup', 'jug']);
  });

  test('two workers that hold the same batch have one effect', async () => {
    const batch = Array.from({ length: 20 }, (_, i) => level(`cup-${i}`));
    await Promise.all([process()(batch), process()(batch), process()(batch)]);
    expect((await effects()).length).toBe(20);
  });

  test('each group has its own marks', async () => {
    await process('order.one')([level('cup')]);
    await process('order.two')([level('cup')]);
    expect(await effects()).toEqual(['cup', 'cup']);
  });

  test('are kept with their coordinates and their number, when asked for', async () => {
    const processor = inboxBatchProcessor<AnyEvent>({
      dataSource,
      group: 'order.test',
      log,
      handleAll: leaveTraces,
      keepRepeats: true,
    });
    const [cup, again, jug] = [level('cup'), level('cup'), level('jug')];
    await processor([cup, jug, again]);
    await processor([cup, again]);
    const kept = await database.query(
      `SELECT event_id, "offset", times FROM inbox_repeats ORDER BY "offset"`,
    );
    const event_id = eventId(CAUSE, 'StockLevelChanged', 'cup');
    expect(kept).toEqual([
      { event_id, offset: cup.record.offset.toString(), times: 1 },
      { event_id, offset: again.record.offset.toString(), times: 2 },
    ]);
    expect(await effects()).toEqual(['cup', 'jug']);
  });

  test('only what was new is told after the commit', async () => {
    const told: string[][] = [];
    const processor = inboxBatchProcessor<AnyEvent>({
      dataSource,
      group: 'order.test',
      log,
      async handleAll(tx, received) {
        await leaveTraces(tx, received);
        return () => void told.push(received.map(({ event }) => event.id));
      },
    });
    const [cup, jug] = [level('cup'), level('jug')];
    await processor([cup]);
    await processor([cup, jug]);
    await processor([cup, jug]);
    expect(told).toEqual([
      [eventId(CAUSE, 'StockLevelChanged', 'cup')],
      [eventId(CAUSE, 'StockLevelChanged', 'jug')],
    ]);
  });
});

describe('failures', () => {
  test('what fails for a moment leaves nothing, and works when it comes again', async () => {
    await expect(process()([level('cup'), level('later')])).rejects.toThrow('a service was away');
    expect(await effects()).toEqual([]);
    expect(await marks()).toEqual([]);
    await process()([level('cup')]);
    expect(await effects()).toEqual(['cup']);
  });

  test('one that can never be handled is parked, the others of its batch are done', async () => {
    const batch = [level('cup'), level('poison'), level('jug')];
    await process()(batch);
    expect(await effects()).toEqual(['cup', 'jug']);
    const poison = batch[1]!.record;
    expect(await parked()).toMatchObject([
      {
        consumer_group: 'order.test',
        event_id: eventId(CAUSE, 'StockLevelChanged', 'poison'),
        topic: poison.topic,
        partition: poison.partition,
        offset: poison.offset.toString(),
        key: 'cup/0',
        value: poison.value,
        headers: poison.headers,
        reason: 'nobody can handle this product',
      },
    ]);
    expect(await marks()).toHaveLength(3);
  });

  test('what the database refuses as data is poison too', async () => {
    await process()([level('forbidden'), level('cup')]);
    expect(await effects()).toEqual(['cup']);
    expect(await parked()).toMatchObject([{ reason: saying(/check constraint/) }]);
  });

  test('a parked event that comes again is neither handled nor parked again', async () => {
    await process()([level('poison')]);
    await process()([level('poison')]);
    expect(await parked()).toHaveLength(1);
  });

  test('a record that cannot be read is parked under a name made of its coordinates', async () => {
    const broken = unreadable();
    await process()([level('cup'), broken]);
    await process()([broken]);
    expect(await effects()).toEqual(['cup']);
    expect(await parked()).toMatchObject([
      { event_id: unreadableId(broken.record), reason: 'the value is not JSON' },
    ]);
  });

  test('an event whose id is not a uuid is parked, and nothing waits for it', async () => {
    await process()([level('cup', 'seven'), level('jug')]);
    expect(await effects()).toEqual(['jug']);
    expect(await parked()).toMatchObject([{ reason: saying(/seven is not/) }]);
  });

  test('zero bytes do not keep a record from being parked', async () => {
    const { record } = unreadable();
    const zeros = { ...record, key: 'a\0b', headers: { id: '\0' }, value: Buffer.from([0, 1]) };
    await process()([{ record: zeros, poison: 'header \0 is odd' }]);
    expect(await parked()).toMatchObject([{ value: Buffer.from([0, 1]) }]);
  });
});

test('a handler sees what is new of a batch, once; after a poison, one at a time', async () => {
  const calls: string[][] = [];
  const processor = inboxBatchProcessor<AnyEvent>({
    dataSource,
    group: 'order.test',
    log,
    async handleAll(tx, received) {
      calls.push(received.map(({ event }) => (event.payload as { sku: string }).sku));
      await leaveTraces(tx, received);
    },
  });
  await processor([level('cup'), level('jug'), level('cup')]);
  await processor([level('cup')]);
  await processor([level('mill'), level('poison')]);
  expect(calls).toEqual([['cup', 'jug'], ['mill', 'poison'], ['mill'], ['poison']]);
  expect(await effects()).toEqual(['cup', 'jug', 'mill']);
});

test('the name of an unreadable record is a version 5 uuid of its coordinates', () => {
  const { record } = unreadable();
  expect(unreadableId(record)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  expect(unreadableId(record)).toBe(unreadableId({ ...record }));
  expect(unreadableId({ ...record, offset: record.offset + 1n })).not.toBe(unreadableId(record));
});
