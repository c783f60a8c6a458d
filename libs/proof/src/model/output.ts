import { eventId, type EventType, type Payload, type topics } from '@checkout/events';

/**
 * What a stage owes for one input: the judge's own idea of it, made from the contract and the rules
 * on its page, not from its code.
 */
export interface Owed<T extends EventType = EventType> {
  readonly topic: keyof typeof topics;
  readonly id: string;
  readonly type: T;
  readonly key: string;
  readonly causationId: string;
  readonly payload: Payload<T>;
}

/** A row of a store's changelog that goes with it. */
export interface Put {
  readonly store: 'stock' | 'velocity' | 'checks';
  readonly key: string;
  /** null: the row is gone. */
  readonly value: unknown;
}

export interface Answer {
  readonly owed: readonly Owed[];
  readonly puts: readonly Put[];
}

export const NOTHING: Answer = { owed: [], puts: [] };

interface Consequence<T extends EventType> {
  readonly topic: keyof typeof topics;
  readonly type: T;
  readonly key: string;
  readonly subject?: string;
  readonly payload: Payload<T>;
}

export function owe<T extends EventType>(causeId: string, due: Consequence<T>): Owed<T> {
  const { topic, type, key, subject = '', payload } = due;
  return {
    topic,
    id: eventId(causeId, type, subject),
    type,
    key,
    causationId: causeId,
    payload,
  };
}
