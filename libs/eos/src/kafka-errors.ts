import { FencedError } from './verdicts.js';

/**
 * What an error of the broker says about who owns the partition. kafkajs wraps errors, so the whole
 * chain of causes is looked at.
 */

/**
 * Fenced, or the broker no longer knows this producer: in both cases nothing more may be written
 * under this epoch. The last one is how kafkajs names every code it does not know, the newer
 * fencing codes among them.
 */
const FENCED: ReadonlySet<string> = new Set([
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'KAFKAJS_UNKNOWN_ERROR_CODE',
]);

/** The group has moved on: kafkajs joins it again when it sees one of these. */
const MEMBERSHIP: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
]);

/** Thrown out of a batch, it makes kafkajs join the group again; most other errors would end it. */
export class Rejoin extends FencedError {
  readonly type = 'ILLEGAL_GENERATION';
  constructor() {
    super('another owner has taken the partition');
  }
}

/** A leader that moves or a broker that restarts: reading may simply be tried again. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSBrokerNotFound',
]);

/** However often it is sent again: the topic does not take a record like this one. */
const UNWRITABLE: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
]);

export const isFenced = (error: unknown): boolean => anyTypeIn(error, FENCED);
export const isMembership = (error: unknown): boolean => anyTypeIn(error, MEMBERSHIP);
export const isTransient = (error: unknown): boolean => anyTypeIn(error, TRANSIENT);
export const isUnwritable = (error: unknown): boolean => anyTypeIn(error, UNWRITABLE);
/** Another process lives under our instance id. */
export const isReplaced = (error: unknown): boolean =>
  anyTypeIn(error, new Set(['FENCED_INSTANCE_ID']));
export const isConcurrentTransactions = (error: unknown): boolean =>
  anyTypeIn(error, new Set(['CONCURRENT_TRANSACTIONS']));

function anyTypeIn(error: unknown, types: ReadonlySet<string>): boolean {
  if (!(error instanceof Error)) return false;
  const { type, name, cause } = error as Error & { type?: string };
  return types.has(type ?? name) || (cause !== error && anyTypeIn(cause, types));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
