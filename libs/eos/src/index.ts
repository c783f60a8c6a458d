export {
  emit,
  park,
  put,
  remove,
  skip,
  type Decision,
  type Effect,
  type Emit,
  type Park,
  type Put,
  type Remove,
  type Skip,
} from './decision.js';
export { consumeRecord, type ConsumeRecordOptions } from './consume-record.js';
export { ensureTopics, type EnsureTopicsOptions, type TopicSpec } from './ensure-topics.js';
export type { Guard } from './guards-off.js';
export { inboxRunner, type Delivery, type InboxRunnerOptions } from './inbox-runner.js';
export { keyReader, type KeyRange, type KeyReader } from './key-reader.js';
export type { Observer, Reading } from './observer.js';
export { readTopic, type ReadTopicOptions } from './read-topic.js';
export type { InputRecord, OutputRecord } from './record.js';
export type { Connection, Health, Log, Runner } from './runner.js';
export { store, type State, type Store, type StoreDefinition } from './store.js';
export type { TransactionFigures } from './transaction-figures.js';
export { transactionalRunner, type TransactionalRunnerOptions } from './transactional-runner.js';
export { BugError, FencedError, PoisonError } from './verdicts.js';
