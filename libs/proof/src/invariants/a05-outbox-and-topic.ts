import type { Evidence } from '../evidence/evidence.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { OutboxRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { retentionOf } from './aged.js';

export const a05: Invariant = {
  id: 'A05',
  says: 'What was put into an outbox is on its topic, and nothing else is.',
  rule:
    'ids of outbox ∪ outbox_archive (orders, payments) = ids of the committed records of ' +
    'outbox.*, each written in a Kafka transaction; key, partition, payload, type and cause are ' +
    'equal, and the schema version is one that is read; repeats are equal byte for byte; a row ' +
    'is filed (aggregateid) under what its payload is about; only age may have taken a record, ' +
    'from a topic that forgets',
  judge({ evidence, log }) {
    const { orders, payments } = evidence;
    const rows = [...orders.outbox, ...payments.outbox];
    const topicNames = evidence.kafka.logs
      .map(({ topic }) => topic)
      .filter((topic) => topic.startsWith(PREFIX) && !topic.endsWith('.dlq'));
    const records = [...new Set(topicNames)].flatMap((topic) => log.committed(topic));
    const byId = Map.groupBy(records, ({ headers, key }) => headers['id'] ?? key ?? '');
    const staged = new Set(rows.map(({ id }) => id));
    return {
      rows: rows.length + records.length,
      counterExamples: [
        ...rows.flatMap((row) => rowFaults(evidence, row, byId.get(row.id) ?? [])),
        ...[...byId].flatMap(([id, own]) => (staged.has(id) ? [] : strangers(id, own))),
      ],
    };
  },
};

const PREFIX = 'outbox.';

function rowFaults(
  evidence: Evidence,
  row: OutboxRow,
  records: readonly DataRecord[],
): CounterExample[] {
  const about = { orderId: orderOf(row), eventId: row.id };
  const [first] = records;
  if (row.aggregateId !== subjectOf(row)) {
    return [{ what: `its ${row.type} is filed under ${row.aggregateId}`, ...about }];
  }
  if (!first) {
    if (wasDeletedByAge(evidence, row)) return [];
    return [{ what: `the ${row.type} of the outbox is not on its topic`, ...about }];
  }
  return records.flatMap((record) => {
    const wrong = differences(row, record);
    if (wrong.length === 0) return [];
    const what = `the record differs from the outbox in ${wrong.join(', ')}`;
    return [{ what, ...about, at: placeOf(record) }];
  });
}

/** A canary is about itself. */
function subjectOf({ id, payload }: OutboxRow): string {
  const { orderId, sku } = JSON.parse(payload) as { orderId?: string; sku?: string };
  return orderId ?? sku ?? id;
}

/** Whoever reads a topic parks all others. */
const SCHEMA_VERSION = '1';

/** Two equal rows make equal records, so every record is held against the row. */
function differences(row: OutboxRow, record: DataRecord): string[] {
  const { headers } = record;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['topic', `${PREFIX}${row.aggregateType}`, record.topic],
    ['partition', row.partition, record.partition],
    ['key', row.id, record.key],
    ['payload', row.payload, record.value],
    ['type', row.type, headers['type']],
    ['cause', row.causationId, headers['causation-id']],
    ['schema version', SCHEMA_VERSION, headers['schema-version']],
    ['being in a Kafka transaction', true, record.transactional],
  ];
  return pairs.filter(([, expected, found]) => expected !== found).map(([name]) => name);
}

/**
 * The canaries' topic forgets after a day; whatever is younger, and every other topic, stays. Of
 * what is old and gone from a place below which nothing was deleted A12 speaks.
 */
function wasDeletedByAge({ orders }: Evidence, { published, payload }: OutboxRow): boolean {
  const retention = retentionOf(published?.topic ?? '');
  if (retention === undefined) return false;
  const { occurredAt } = JSON.parse(payload) as { occurredAt: string };
  return orders.readAt - Date.parse(occurredAt) >= retention;
}

function strangers(id: string, records: readonly DataRecord[]): CounterExample[] {
  return records.map((record) => ({
    what: `a ${record.headers['type'] ?? 'record'} is on the topic and was never in an outbox`,
    orderId: orderNamedIn(record.value),
    eventId: id,
    at: placeOf(record),
  }));
}

function orderOf({ aggregateType, payload }: OutboxRow): string | undefined {
  return aggregateType === 'catalogue' ? undefined : orderNamedIn(payload);
}

function orderNamedIn(text: string | null): string | undefined {
  return /"orderId":"([0-9a-f-]{36})"/.exec(text ?? '')?.[1];
}
