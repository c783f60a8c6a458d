import type { Observer } from './observer.js';
import type { TransactionFigures } from './transaction-figures.js';

export interface Connection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Which replica of the service this is, from 0: it makes the static member's instance id. */
  readonly ordinal: number;
  /** Told of everything that is read. */
  readonly observer?: Observer;
}

/** The part of pino's logger that the engine uses. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Runner {
  /**
   * Rejects when this installation cannot keep the guarantee. Joining goes on in the background.
   */
  start(): Promise<void>;
  /** Finishes or abandons what is in hand, within 5 s. Nothing half done is ever visible. */
  stop(): Promise<void>;
  /** Ready: a member of the group, and every owned partition has been fenced and restored once. */
  health(): Health;
  /** Of a runner that works in Kafka transactions. */
  figures?(): TransactionFigures;
}

export interface Health {
  readonly ready: boolean;
  readonly detail: string;
}
