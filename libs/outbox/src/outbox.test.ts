import type { InputRecord } from '@checkout/eos';
import { type EncodedRecord, eventId, orderPlacedId, topics, writeEvent } from '@checkout/events';
import { freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { archivePublished } from './archive-published.js';
import { stage, stagedJson, type StagedEvent, stagingSql } from './stage.js';
import { outboxTables } from './tables.js';

let database: FreshDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  for (const statement of outboxTables) await dataSource.query(statement);
  await dataSource.query(`CREATE TABLE business (id uuid, xid xid8 DEFAULT pg_current_xact_id())`);
}, 30_000);
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => dataSource.query('TRUNCATE outbox, outbox_archive, business'));

const CAUSE = '0190a6b2-6f00-7000-8000-000000000001';
const OCCURRED_AT = '2026-11-24T12:00:01.204Z';

function stockAdded(sku: string, reason = 'delivery'): StagedEvent {
  const id = eventId(CAUSE, 'StockAdded', sku);
  const record = writeEvent(topics.outboxCatalogue, {
    id,
    type: 'StockAdded',
    key: id,
    partitionBy: sku,
    causationId: CAUSE,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    payload: { sku, quantity: 5, reason, occurredAt: OCCURRED_AT },
  });
  return { record, aggregateId: sku, occurredAt: OCCURRED_AT };
}

const ids = async (table: string): Promise<string[]> =>
  (await database.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);

describe('staging', () => {
  test('the business row and the outbox row are one database transaction', async () => {
    await dataSource.transaction(async (tx) => {
      await tx.query('INSERT INTO business (id) VALUES ($1)', [CAUSE]);
      await stage(tx, [stockAdded('cup'), stockAdded('jug')]);
    });
    const rows = await database.query<{ same: boolean }>(
      'SELECT o.xid = b.xid AS same FROM outbox o CROSS JOIN business b',
    );
    expect(rows).toEqual([{ same: true }, { same: true }]);
  });

  test('a database transaction that fails leaves neither', async () => {
    const failed = dataSource.transaction(async (tx) => {
      await tx.query('INSERT INTO business (id) VALUES ($1)', [CAUSE]);
      await stage(tx, [stockAdded('cup')]);
      throw new Error('the handler failed after staging');
    });
    await expect(failed).rejects.toThrow('after staging');
    expect(await ids('outbox')).toEqual([]);
    expect(await ids('business')).toEqual([]);
  });

  test('what is staged is the record, byte for byte, with its headers and partition', async () => {
    const event = stockAdded('cup', 'two  spaces, "quotes" and ümlauts stay');
    await stage(dataSource.manager, [event]);
    const [row] = await database.query('SELECT *, occurred_at::text FROM outbox');
    expect(row).toMatchObject({
      id: event.record.key,
      aggregatetype: 'catalogue',
      aggregateid: 'cup',
      type: 'StockAdded',
      schema_version: '1',
      causation_id: CAUSE,
      traceparent: event.record.headers['traceparent'],
      partition: event.record.partition,
      payload: event.record.value.toString('utf8'),
    });
  });

  test('nothing to stage is nothing to do', async () => {
    await stage(dataSource.manager, []);
    expect(await ids('outbox')).toEqual([]);
  });

  test('a partition that the topic does not have is refused', async () => {
    const event = stockAdded('cup');
    const record: EncodedRecord = { ...event.record, partition: 4 };
    await expect(stage(dataSource.manager, [{ ...event, record }])).rejects.toThrow(/check/);
  });

  test('an event for a topic that no connector feeds is refused', async () => {
    const event = stockAdded('cup');
    const record: EncodedRecord = { ...event.record, topic: 'ledger' };
    await expect(stage(dataSource.manager, [{ ...event, record }])).rejects.toThrow(
      'ledger is not an outbox topic',
    );
  });

  test('staging can be part of a larger statement, and depend on it', async () => {
    const place = (wanted: boolean) =>
      dataSource.query(
        `WITH placed AS (INSERT INTO business (id) SELECT $1 WHERE $2 RETURNING id)
         ${stagingSql({ events: '$3', join: 'placed ON placed.id = event.causation_id' })}`,
        [CAUSE, wanted, `[${stagedJson(stockAdded('cup'))}]`],
      );
    await place(false);
    expect(await ids('outbox')).toEqual([]);
    await place(true);
    expect(await ids('outbox')).toHaveLength(1);
  });

  test('a larger statement may say what only it knows: the time, and the payload', async () => {
    const statement = stagingSql({
      events: '$1',
      columns: {
        payload: `replace(event.payload, 'delivery', 'noticed')`,
        occurred_at: `timestamptz '2026-11-24 13:00:00Z'`,
      },
    });
    await dataSource.query(statement, [`[${stagedJson(stockAdded('cup'))}]`]);
    const rows = await database.query(
      `SELECT payload::json ->> 'reason' AS reason, occurred_at AS at FROM outbox`,
    );
    expect(rows).toEqual([{ reason: 'noticed', at: new Date('2026-11-24T13:00:00Z') }]);
  });

  test('only inserts into the outbox are published, and nothing else is', async () => {
    const tables = await database.query(
      `SELECT p.pubname = current_database() || '_outbox' AS named, pubinsert, pubupdate, pubdelete,
         pubtruncate, tablename
       FROM pg_publication p JOIN pg_publication_tables t USING (pubname)`,
    );
    expect(tables).toEqual([
      {
        named: true,
        pubinsert: true,
        pubupdate: false,
        pubdelete: false,
        pubtruncate: false,
        tablename: 'outbox',
      },
    ]);
  });
});

describe('archiving', () => {
  const seen = (key: string | null, offset: bigint) => {
    const at = { topic: 'outbox.catalogue', partition: 2, offset };
    const record: InputRecord = { ...at, key, value: null, headers: {}, timestamp: 0 };
    return { record, event: null };
  };
  const archived = () =>
    database.query<{ id: string; published_offset: string }>(
      `SELECT id, published_topic, published_partition, published_offset FROM outbox_archive
       ORDER BY published_offset`,
    );

  test('a row that was seen on its topic moves to the archive with its coordinates', async () => {
    const [cup, jug] = [stockAdded('cup'), stockAdded('jug')];
    await stage(dataSource.manager, [cup, jug]);
    const [before] = await database.query(`SELECT * FROM outbox WHERE aggregateid = 'cup'`);
    await archivePublished(dataSource)([seen(cup.record.key, 7n)]);

    expect(await ids('outbox')).toEqual([jug.record.key]);
    const [moved] = await database.query(`SELECT * FROM outbox_archive`);
    expect(moved).toMatchObject({
      ...before,
      published_topic: 'outbox.catalogue',
      published_partition: 2,
      published_offset: '7',
    });
  });

  test('a repeated delivery changes nothing, and the first sighting stays', async () => {
    const { record } = stockAdded('cup');
    await stage(dataSource.manager, [stockAdded('cup')]);
    await archivePublished(dataSource)([seen(record.key, 7n), seen(record.key, 9n)]);
    await archivePublished(dataSource)([seen(record.key, 7n), seen(record.key, 11n)]);
    expect(await archived()).toMatchObject([{ id: record.key, published_offset: '7' }]);
  });

  test('a row whose commit is on the topic before it can be seen is archived, too', async () => {
    const { record } = stockAdded('cup');
    const committing = dataSource.createQueryRunner();
    await committing.startTransaction();
    await stage(committing.manager, [stockAdded('cup')]);
    const archiving = archivePublished(dataSource)([seen(record.key, 7n)]);
    await looksForRunningTransactions();
    await committing.commitTransaction();
    await committing.release();
    await archiving;
    expect(await ids('outbox')).toEqual([]);
    expect(await archived()).toMatchObject([{ id: record.key, published_offset: '7' }]);
  });

  /** The archiver has looked once in vain: one of its connections has asked who still runs. */
  async function looksForRunningTransactions(): Promise<void> {
    for (;;) {
      const [asked] = await database.query<{ asked: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
           AND query LIKE 'SELECT pg_snapshot_xmin%') AS asked`,
      );
      if (asked?.asked) return;
    }
  }

  test('ids of other databases and records without an id are passed over', async () => {
    const { record } = stockAdded('cup');
    await stage(dataSource.manager, [stockAdded('cup')]);
    await archivePublished(dataSource)([
      seen(orderPlacedId(CAUSE), 1n),
      seen(null, 2n),
      seen('not a uuid', 3n),
      seen(record.key, 4n),
    ]);
    expect(await archived()).toMatchObject([{ id: record.key, published_offset: '4' }]);
    expect(await ids('outbox')).toEqual([]);
  });

  test('a row that nobody has seen published stays, where its age can be seen', async () => {
    await stage(dataSource.manager, [stockAdded('cup')]);
    await archivePublished(dataSource)([]);
    await archivePublished(dataSource)([seen(orderPlacedId(CAUSE), 1n)]);
    expect(await ids('outbox')).toHaveLength(1);
    expect(await archived()).toEqual([]);
  });
});
