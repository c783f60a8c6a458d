import type { EventType } from './schemas.js';

/**
 * The one registry of topics. Topics are created from it and from nothing else (the broker's
 * auto-creation is off); partition counts never change, because a key would move to another
 * partition: a change needs a new topic.
 */
export interface TopicDefinition {
  readonly name: string;
  /** What the record key is. */
  readonly key: string;
  /** What chooses the partition, when it is not the key itself. */
  readonly partitionedBy?: string;
  readonly partitions: number;
  readonly cleanup: 'compact' | 'delete';
  /** Topic settings beyond the clean-up policy, with Kafka's names. */
  readonly settings: Readonly<Record<string, string>>;
  readonly events: readonly EventType[];
  readonly producer: string;
  /** Consumer groups, `<service>.<stage>`. */
  readonly consumers: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const days = (n: number): string => String(n * DAY_MS);

/**
 * Partitions of every business topic: enough to show parallelism on a laptop, few enough to read.
 */
const PARTITIONS = 4;

const workTopic = { cleanup: 'delete', settings: { 'retention.ms': days(14) } } as const;
/**
 * Repeats must stay visible to a late reader for a week: compaction would hide them from an
 * auditor.
 */
const keptTopic = { cleanup: 'compact', settings: { 'min.compaction.lag.ms': days(7) } } as const;

function define<const T extends Record<string, Omit<TopicDefinition, 'partitions'>>>(
  topics: T,
): { readonly [K in keyof T]: T[K] & { readonly partitions: number } } {
  const entries = Object.entries(topics).map(([k, t]) => [k, { ...t, partitions: PARTITIONS }]);
  return Object.fromEntries(entries) as never;
}

export const topics = define({
  outboxOrder: {
    name: 'outbox.order',
    key: 'event id',
    partitionedBy: 'order id',
    ...keptTopic,
    events: ['OrderPlaced', 'OrderCancelRequested', 'OrderOverdue'],
    producer: 'order',
    consumers: ['enrichment.split', 'payment.charge', 'order.archive'],
  },
  outboxCatalogue: {
    name: 'outbox.catalogue',
    key: 'event id',
    partitionedBy: 'sku',
    ...keptTopic,
    events: ['StockAdded'],
    producer: 'order',
    consumers: ['enrichment.split', 'order.archive'],
  },
  outboxPayment: {
    name: 'outbox.payment',
    key: 'event id',
    partitionedBy: 'order id',
    ...keptTopic,
    events: ['PaymentSucceeded', 'PaymentDeclined', 'PaymentCancelled', 'PaymentRefunded'],
    producer: 'payment',
    consumers: ['ledger.book', 'order.status', 'enrichment.split', 'payment.archive'],
  },
  /**
   * Proof that change data capture flows: each start writes one row per outbox and waits to read it
   * back.
   */
  outboxCanary: {
    name: 'outbox.canary',
    key: 'event id',
    partitionedBy: 'nothing: all on partition 0',
    cleanup: 'delete',
    settings: { 'retention.ms': days(1) },
    events: ['Canary'],
    producer: 'deploy/local',
    consumers: ['order.archive', 'payment.archive'],
  },
  inventory: {
    name: 'enrichment.inventory',
    key: 'stock bucket',
    ...workTopic,
    events: [
      'StockReceived',
      'StockRequested',
      'StockReleaseRequested',
      'StockRecalled',
      'StockReturned',
    ],
    producer: 'enrichment',
    consumers: ['enrichment.inventory'],
  },
  fraud: {
    name: 'enrichment.fraud',
    key: 'customer id',
    ...workTopic,
    events: ['FraudCheckRequested'],
    producer: 'enrichment',
    consumers: ['enrichment.fraud'],
  },
  checks: {
    name: 'enrichment.checks',
    key: 'order id',
    ...workTopic,
    events: [
      'OrderOpened',
      'StockReserved',
      'StockRefused',
      'FraudCleared',
      'FraudRefused',
      'CheckFailed',
      'PaymentClosed',
    ],
    producer: 'enrichment',
    consumers: ['enrichment.checks'],
  },
  inventoryLevels: {
    name: 'inventory.levels',
    key: 'stock bucket',
    cleanup: 'compact',
    settings: {},
    events: ['StockLevelChanged'],
    producer: 'enrichment',
    consumers: ['order.status'],
  },
  ordersApproved: {
    name: 'orders.approved',
    key: 'order id',
    ...workTopic,
    events: ['OrderApproved'],
    producer: 'enrichment',
    consumers: ['payment.charge', 'order.status'],
  },
  ordersRejected: {
    name: 'orders.rejected',
    key: 'order id',
    ...workTopic,
    events: ['OrderRejected'],
    producer: 'enrichment',
    consumers: ['order.status'],
  },
  ledger: {
    name: 'ledger',
    key: 'transaction id',
    ...keptTopic,
    events: ['LedgerEntry'],
    producer: 'ledger',
    consumers: ['order.status', 'connect.ledger-sink'],
  },
});

/**
 * Changelogs of the engine's state stores: one partition per input partition, newest value per key.
 */
export const changelogs = {
  stock: changelog('enrichment.stock.changelog'),
  velocity: changelog('enrichment.velocity.changelog'),
  checks: changelog('enrichment.checks.changelog'),
  booked: changelog('ledger.booked.changelog'),
} as const;

/**
 * Where the same stores lie when `apps/enrichment-streams` runs in the place of `apps/enrichment`:
 * Kafka Streams makes these topics by itself, `<group>-<store>-changelog`, when it first starts.
 */
export const streamsChangelogs = {
  stock: 'enrichment.inventory-stock-changelog',
  velocity: 'enrichment.fraud-velocity-changelog',
  checks: 'enrichment.checks-checks-changelog',
} as const satisfies Partial<Record<keyof typeof changelogs, string>>;

function changelog(name: string): { name: string; partitions: number; cleanup: 'compact' } {
  return { name, partitions: PARTITIONS, cleanup: 'compact' };
}

/** Debezium's heartbeats let a quiet database's replication slot advance. */
export const heartbeatTopics = ['__debezium-heartbeat.orders', '__debezium-heartbeat.payments'];

export function topicNamed(name: string): TopicDefinition {
  const found = Object.values(topics).find((topic) => topic.name === name);
  if (!found) throw new Error(`${name} is not in the topic registry`);
  return found;
}

/**
 * Groups whose stages answer with Kafka transactions. What such a group can never process is parked
 * on a topic of its own, in the Kafka transaction that passes it; a group with a database parks in
 * its table `parked`, in the database transaction of its batch, and has no such topic.
 */
export const transactionalGroups = [
  'enrichment.split',
  'enrichment.inventory',
  'enrichment.fraud',
  'enrichment.checks',
  'ledger.book',
] as const;

export type TransactionalGroup = (typeof transactionalGroups)[number];

/** Every dead-letter topic: one for each topic and transactional group that reads it. */
export const deadLetterTopics: readonly string[] = Object.values<TopicDefinition>(topics).flatMap(
  ({ name, consumers }) =>
    consumers.filter(isTransactional).map((group) => deadLetterTopic(name, group)),
);

function isTransactional(group: string): boolean {
  return transactionalGroups.some((transactional) => transactional === group);
}

/** Where a record goes that a transactional group can never process. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.${group}.dlq`;
}
