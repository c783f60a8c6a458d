import type { Decision, Emit } from './decision.js';
import type { InputRecord } from './record.js';
import type { Connection, Log, Runner } from './runner.js';
import type { State, Store } from './store.js';

export interface TransactionalRunnerOptions<E> {
  /** Consumer group id, `<service>.<stage>`. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly stores?: readonly Store<never>[];
  readonly connection: Connection;
  readonly log: Log;
  /** Throws when the record can never be read: it is parked with its offset. */
  decode(record: InputRecord): E;
  /** Pure and synchronous: it may run again for the same record after a crash. */
  decide(event: E, state: State, record: InputRecord): Decision;
  /** What must be said when a record is parked, in the same Kafka transaction. */
  onPark?(record: InputRecord, reason: string): Emit[];
  /** The process must end: the runner cannot go on by itself. */
  onFatal(error: Error): void;
}

export function transactionalRunner<E>(options: TransactionalRunnerOptions<E>): Runner {
  throw new Error(`not built yet: ${options.group}`);
}
