import type { InputRecord } from './record.js';
import type { Connection, Log, Runner } from './runner.js';

export type Delivery<E> =
  | { readonly record: InputRecord; readonly event: E }
  | { readonly record: InputRecord; readonly poison: string };

export interface InboxRunnerOptions<E> {
  /** Consumer group id, `<service>.<stage>`. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly connection: Connection;
  readonly log: Log;
  /** Throws when the record can never be read: it is delivered as poison, for the caller to park. */
  decode(record: InputRecord): E;
  /**
   * One topic-partition, in order. Resolves when its database transaction is durable; only then is the
   * offset committed, so the same batch may come again and must then change nothing.
   */
  process(batch: readonly Delivery<E>[]): Promise<void>;
  /** The process must end: the runner cannot go on by itself. */
  onFatal(error: Error): void;
}

export function inboxRunner<E>(options: InboxRunnerOptions<E>): Runner {
  throw new Error(`not built yet: ${options.group}`);
}
