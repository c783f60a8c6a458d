export {
  eventIdIn,
  InvalidEvent,
  readEvent,
  traceparentIn,
  writeEvent,
  type AnyEvent,
  type DomainEvent,
  type EncodedRecord,
  type NewEvent,
  type RawRecord,
} from './codec.js';
export { chargeTransactionId, eventId, orderPlacedId, refundTransactionId } from './ids.js';
export { partitionOf } from './partition.js';
export { eventSchemas, type EventType, type OrderLine, type Payload } from './schemas.js';
export {
  changelogs,
  deadLetterTopic,
  deadLetterTopics,
  heartbeatTopics,
  streamsChangelogs,
  topicNamed,
  topics,
  type TopicDefinition,
  type TransactionalGroup,
} from './topics.js';
