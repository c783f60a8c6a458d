/**
 * One partition, one transactional id, one loop.
 *
 * The danger, step by step: A owns the partition and has an open Kafka transaction with the outputs
 * of offsets 100 to 149. A stalls. The group gives the partition to B. If B asked now where to
 * start, it would be told 100, process the same records, and commit. Then A wakes up and commits
 * too: every output twice, both committed, and nobody complains.
 *
 * So B first takes A's identity away. InitProducerId with the same transactional id raises the
 * epoch and settles A's Kafka transaction, one way or the other. Only then B asks where to start:
 * 150 if A's commit had won, 100 if it was aborted, and no longer 100 with a commit on its way.
 *
 * Guarantee: the outputs, the changes of the stores and the offset of each record become visible
 * together, once.
 * Not promised: anything outside Kafka. A call or a database write in a handler would be repeated.
 */
import type { PartitionStores } from './partition-stores.js';
import type { Plan } from './plan.js';
import type { Outcome, Session } from './session.js';

export interface OwnedPartition {
  fence(): Promise<Pick<Session, 'commit' | 'close'>>;
  restore(): Promise<PartitionStores>;
  committedOffset(): Promise<bigint>;
  /** One at a time: asking for the next says that the last one is committed. */
  portionsFrom(position: bigint, stores: PartitionStores): AsyncIterable<Portion>;
  opened(position: bigint, stores: PartitionStores): void;
  ended(portion: Portion, outcome: Outcome): void;
}

/** What goes into one Kafka transaction: the plan of some records, and the offset behind them. */
export interface Portion extends Plan {
  readonly end: bigint;
}

export type Released =
  | { readonly why: 'asked to stop' }
  | { readonly why: 'retry from the committed offset'; readonly error: unknown }
  | { readonly why: 'outcome unknown: fence again, then look'; readonly error: unknown }
  | { readonly why: 'someone else owns it now'; readonly error: unknown };

/** Rejects when fencing, restoring or deciding failed; nothing is half done then either. */
export async function work(partition: OwnedPartition): Promise<Released> {
  const session = await partition.fence(); // an older owner's late commit is refused from here on
  try {
    const stores = await partition.restore(); // all that it committed, nothing that it did not
    const position = await partition.committedOffset(); // cannot move under us any more
    partition.opened(position, stores);

    // Decided, and nothing done about it yet; poison is parked, not skipped.
    for await (const portion of partition.portionsFrom(position, stores)) {
      const outcome = await session.commit(portion.records, portion.end); // one Kafka transaction
      partition.ended(portion, outcome);
      switch (outcome.kind) {
        case 'committed':
          stores.keep(portion.changes);
          break;
        case 'aborted':
          return { why: 'retry from the committed offset', error: outcome.error };
        case 'unknown': // never assume, never abort
          return { why: 'outcome unknown: fence again, then look', error: outcome.error };
        case 'fenced':
          return { why: 'someone else owns it now', error: outcome.error };
      }
    }
    return { why: 'asked to stop' };
  } finally {
    session.close();
  }
}
