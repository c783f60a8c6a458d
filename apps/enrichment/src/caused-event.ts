import { emit, type Emit } from '@checkout/eos';
import {
  eventId,
  writeEvent,
  type EventType,
  type Payload,
  type TopicDefinition,
} from '@checkout/events';

/**
 * An event that follows from another one.
 *
 * Guarantee: its id is a function of its cause, its type and its subject, so that a worker which
 * died and decides again gives it the id of the first time, and every guard behind us recognises
 * the repeat.
 */
export interface Cause {
  readonly id: string;
  readonly traceparent: string;
}

export interface Consequence<T extends EventType> {
  readonly type: T;
  readonly key: string;
  /** What tells it from siblings of the same type and cause: a line number, a coordinate. */
  readonly subject?: string;
  readonly payload: Payload<T>;
}

export function emitCaused<T extends EventType>(
  topic: TopicDefinition,
  cause: Cause,
  { type, key, subject = '', payload }: Consequence<T>,
): Emit {
  return emit(
    writeEvent(topic, {
      id: eventId(cause.id, type, subject),
      type,
      key,
      causationId: cause.id,
      traceparent: cause.traceparent,
      payload,
    }),
  );
}
