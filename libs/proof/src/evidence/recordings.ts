import type { Coordinate } from './kafka-log.js';

/** What others have written down while the system worked. Each may be missing. */

/** One sending of a request by a client, and what became of it as far as the client knows. */
export interface ClientOperation {
  readonly op: 'place' | 'cancel';
  readonly customerId: string;
  readonly key: string;
  /** Of the request: {@link requestHash}; for a cancel the order's id. */
  readonly bodyHash: string;
  /**
   * `sent`: it is about to be sent, and another line will say what became of it. `ok`: a definite
   * yes. `fail`: a definite no, nothing has happened. `unknown`: anything else, a time-out, a
   * closed connection, a 5xx, "still running": it may have happened.
   */
  readonly result: 'sent' | 'ok' | 'fail' | 'unknown';
  readonly orderId: string | null;
  /** SHA-256 of the answer's body, in hex. */
  readonly responseHash: string | null;
}

/** What a client saw of an order that had been accepted, when it asked for it. */
export interface ClientRead {
  readonly orderId: string;
  /** Null: it was told that there is no such order. */
  readonly seen: { readonly version: number; readonly status: string } | null;
  /** Milliseconds since 1970, both by the client's clock. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** What one life of a service has read, group by group, in the order in which it did. */
export type ConsumeEvent =
  /** It begins to read a partition, at a position; null where the group's offset says. */
  | (ConsumeWhere & { readonly kind: 'took'; readonly position: number | null })
  | (ConsumeWhere & {
      readonly kind: 'read';
      readonly at: number;
      readonly records: readonly ReadRecord[];
    })
  /** What became of all up to an offset. */
  | (ConsumeWhere & { readonly kind: 'ended'; readonly end: number; readonly outcome: string });

interface ConsumeWhere {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

export interface ReadRecord {
  readonly offset: number;
  readonly id: string | null;
  /** SHA-256 of key and value, shortened. */
  readonly hash: string;
}

export interface ConsumeLog {
  /** Service, replica and life. */
  readonly incarnation: string;
  readonly events: readonly ConsumeEvent[];
}

/** The ledger as an earlier audit saw it. */
export interface Checkpoint {
  readonly takenAt: string;
  /** Hash of each entry by transaction id. */
  readonly entries: Readonly<Record<string, string>>;
}

export interface Recordings {
  /** Null: no client kept a history. */
  readonly history: readonly ClientOperation[] | null;
  /** Null: no client wrote down what it read. */
  readonly reads: readonly ClientRead[] | null;
  /** Null: no service recorded what it read. */
  readonly consumed: readonly ConsumeLog[] | null;
  /** Null: this is the first audit of these books. */
  readonly checkpoint: Checkpoint | null;
  /** Records that were broken on purpose: each must be parked, and nothing else may be. */
  readonly planted: readonly Coordinate[];
  /** Texts that must not be found anywhere. */
  readonly canaries: readonly string[];
}
