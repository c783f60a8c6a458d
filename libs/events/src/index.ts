export {
  InvalidEvent,
  readEvent,
  SCHEMA_VERSION,
  writeEvent,
  type AnyEvent,
  type DomainEvent,
  type EncodedRecord,
  type NewEvent,
  type RawRecord,
} from './codec.js';
export { chargeTransactionId, eventId, orderPlacedId } from './ids.js';
export { murmur2, partitionOf } from './partition.js';
export { eventSchemas, type EventType, type OrderLine, type Payload } from './schemas.js';
export {
  changelogs,
  deadLetterTopic,
  heartbeatTopics,
  PARTITIONS,
  topicNamed,
  topics,
  type TopicDefinition,
} from './topics.js';
