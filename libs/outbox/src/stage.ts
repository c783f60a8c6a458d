import type { EncodedRecord } from '@checkout/events';
import type { EntityManager } from 'typeorm';

/**
 * Puts events into the outbox, inside the caller's database transaction.
 *
 * Guarantee: the business row and its event become durable together or not at all. Change data
 * capture reads the outbox from the write-ahead log, so an event is published if, and only if, its
 * database transaction committed.
 * Threat: a service that writes its row and then sends to Kafka dies in between, and the order
 * exists and nobody hears of it; one that sends first dies in between, and everybody hears of an
 * order that does not exist.
 * Not promised: when it is published (about 20 ms), that several rows of one database transaction
 * arrive together, or that a consumer sees each once: the source may repeat, so consumers remember
 * event ids.
 */
export interface StagedEvent {
  readonly record: EncodedRecord;
  readonly aggregateId: string;
  /** When the fact happened, by the clock of the database that accepted it. */
  readonly occurredAt: string;
}

export async function stage(tx: EntityManager, events: readonly StagedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(stagingSql({ events: '$1' }), [`[${events.map(stagedJson).join()}]`]);
}

export interface StagingSql {
  /** Placeholder of the events: a JSON array of what {@link stagedJson} makes of each. */
  readonly events: string;
  /**
   * What the caller's statement joins them to; the events are named `event`. Only events that find
   * a partner are staged.
   */
  readonly join?: string;
  /** Columns whose value the caller's statement knows better, as SQL. */
  readonly columns?: Readonly<Partial<Record<'payload' | 'occurred_at', string>>>;
}

/**
 * The INSERT as text, for a caller whose order and outbox row are one statement:
 * `WITH placed AS (…) ${stagingSql({ events: '$2', join: 'placed ON id = event.causation_id' })}`.
 */
export function stagingSql({ events, join, columns = {} }: StagingSql): string {
  const values: Readonly<Record<string, string>> = columns;
  const names = COLUMNS.map(([name]) => name).join(', ');
  const selected = COLUMNS.map(([name]) => values[name] ?? `event.${name}`).join(', ');
  // What is replaced may hold anything, such as a mark for the time to come.
  const types = COLUMNS.map(([name, type]) => `${name} ${values[name] ? 'text' : type}`).join(', ');
  return `INSERT INTO outbox (${names})
    SELECT ${selected} FROM json_to_recordset(${events}::json) AS event (${types})
    ${join === undefined ? '' : `JOIN ${join}`}`;
}

/** An event as {@link stagingSql} reads it. */
export function stagedJson(event: StagedEvent): string {
  return JSON.stringify(Object.fromEntries(COLUMNS.map(([name, , of]) => [name, of(event)])));
}

type Column = readonly [name: string, type: string, valueOf: (event: StagedEvent) => unknown];

const COLUMNS: readonly Column[] = [
  ['id', 'uuid', ({ record }) => record.key],
  ['aggregatetype', 'text', ({ record }) => aggregateType(record.topic)],
  ['aggregateid', 'text', ({ aggregateId }) => aggregateId],
  ['type', 'text', ({ record }) => record.headers['type']],
  ['schema_version', 'text', ({ record }) => record.headers['schema-version']],
  ['causation_id', 'uuid', ({ record }) => record.headers['causation-id']],
  ['traceparent', 'text', ({ record }) => record.headers['traceparent'] ?? ''],
  ['partition', 'integer', ({ record }) => record.partition],
  ['payload', 'text', ({ record }) => record.value.toString('utf8')],
  ['occurred_at', 'timestamptz', ({ occurredAt }) => occurredAt],
];

const TOPIC_PREFIX = 'outbox.';

/** The connector routes by this column to the topic `outbox.<aggregatetype>`. */
function aggregateType(topic: string): string {
  if (topic.startsWith(TOPIC_PREFIX)) return topic.slice(TOPIC_PREFIX.length);
  throw new Error(`${topic} is not an outbox topic: nothing would publish the row`);
}
