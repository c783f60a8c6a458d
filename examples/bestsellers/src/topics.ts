import { store, type TopicSpec as Topic } from '@checkout/eos';
import { deadLetterTopic, topics } from '@checkout/events';

/** What this application reads, writes and remembers; the names are its own. */
export const ORDERS = topics.ordersApproved.name;
export const SOLD = 'bestsellers.sold';
export const COUNTS = 'bestsellers';

/** Pieces by product. */
export const pieces = store<number>({
  name: 'pieces',
  changelog: 'bestsellers.pieces.changelog',
  fedBy: SOLD,
});

export const SPLIT = 'bestsellers.split';
export const COUNT = 'bestsellers.count';

const { partitions } = topics.ordersApproved;
const compacted = { 'cleanup.policy': 'compact' };
/** A parked copy is larger than its record, which may have the size that Kafka allows. */
const parking = { 'cleanup.policy': 'delete', 'max.message.bytes': String(2 * 1024 * 1024) };

export const ownTopics: readonly Topic[] = [
  { name: SOLD, partitions, settings: { 'cleanup.policy': 'delete' } },
  { name: COUNTS, partitions, settings: compacted },
  { name: pieces.changelog, partitions, settings: compacted },
  { name: deadLetterTopic(ORDERS, SPLIT), partitions: 1, settings: parking },
  { name: deadLetterTopic(SOLD, COUNT), partitions: 1, settings: parking },
];
