/**
 * For teaching: the engine without one of its guards, to see what that was good for.
 *
 * Each entry takes one away and leaves all others; what becomes of the records then stands in
 * guards-off.test.ts. The loop and what it calls are the same: a guard is replaced from outside.
 */
import { newLife } from './life-id.js';
import type { OwnedPartition } from './partition-worker.js';
import type { Outcome, Session, SessionHooks } from './session.js';

export interface Weaknesses extends Pick<SessionHooks, 'transactionalId'> {
  loop?(partition: OwnedPartition): OwnedPartition;
  readonly readUncommitted?: boolean;
  readonly anyClient?: boolean;
  readonly anyKey?: boolean;
}

/** What is taken away, and by what the engine is left with. */
const WITHOUT = {
  /** Outputs first, the offset afterwards, in a Kafka transaction of its own. */
  'one-transaction': () => ({ loop: offsetApart }),
  /** The abort did not rewind: go on with what comes next. */
  'again-after-abort': () => ({ loop: goingOn }),
  /** Whoever comes next has another transactional id, and takes nothing away. */
  'one-identity': () => ({ transactionalId: idOfThisLife() }),
  /** Ask where to start, then take the identity away. */
  'identity-before-offset': () => ({ loop: offsetFirst }),
  /** No answer to the commit: it will have failed, so say all of it again. */
  'look-after-unknown': () => ({ loop: sayingAgain }),
  /** Records count when they lie in the log. */
  'committed-only': () => ({ readUncommitted: true }),
  /** Start on whatever kafkajs is installed. */
  'patched-client': () => ({ anyClient: true }),
  /** Outputs may have keys that others' clients take for the marker of an abort. */
  'plain-keys': () => ({ anyKey: true }),
} as const satisfies Record<string, () => Weaknesses>;

export type Guard = keyof typeof WITHOUT;
export const GUARDS = Object.keys(WITHOUT) as Guard[];

export function without(guards: readonly Guard[]): Weaknesses {
  const all: Weaknesses[] = guards.map((guard) => WITHOUT[guard]());
  return all.reduce((sum, one) => ({ ...sum, ...one, ...bothLoops(sum, one) }), {});
}

/** One inside of the other. */
function bothLoops({ loop: inner }: Weaknesses, { loop: outer }: Weaknesses): Weaknesses {
  if (!inner || !outer) return inner ? { loop: inner } : {};
  return { loop: (partition) => outer(inner(partition)) };
}

type Committing = Pick<Session, 'commit' | 'close'>;
type Commit = Session['commit'];

function changed(partition: OwnedPartition, change: Partial<OwnedPartition>): OwnedPartition {
  return {
    fence: () => partition.fence(),
    restore: () => partition.restore(),
    committedOffset: () => partition.committedOffset(),
    portionsFrom: (position, stores) => partition.portionsFrom(position, stores),
    opened: (position, stores) => partition.opened(position, stores),
    ended: (portion, outcome) => partition.ended(portion, outcome),
    ...change,
  };
}

const offsetFirst = (partition: OwnedPartition): OwnedPartition => {
  let position = 0n;
  return changed(partition, {
    fence: async () => {
      position = await partition.committedOffset();
      return partition.fence();
    },
    committedOffset: () => Promise.resolve(position),
  });
};

const offsetApart = (partition: OwnedPartition): OwnedPartition => {
  let position = 0n;
  const apart = (session: Committing): Commit => {
    return async (records, end) => {
      const outcome = await session.commit(records, position);
      if (outcome.kind !== 'committed') return outcome;
      position = end;
      return session.commit([], end);
    };
  };
  return changed(partition, {
    fence: () => withCommit(partition, apart),
    committedOffset: async () => (position = await partition.committedOffset()),
  });
};

/** It knows that it has aborted, says so, and takes up what comes next. */
const goingOn = (partition: OwnedPartition): OwnedPartition => {
  let truth: Outcome;
  return changed(partition, {
    fence: () =>
      withCommit(partition, (session) => {
        return async (records, end) => {
          truth = await session.commit(records, end);
          return truth.kind === 'aborted' ? { kind: 'committed' } : truth;
        };
      }),
    ended: (portion) => partition.ended(portion, truth),
  });
};

const sayingAgain = (partition: OwnedPartition): OwnedPartition => {
  const commit = (session: Committing): Commit => {
    return async (records, end) => {
      const outcome = await session.commit(records, end);
      if (outcome.kind !== 'unknown') return outcome;
      const another = await partition.fence();
      return another.commit(records, end).finally(() => another.close());
    };
  };
  return changed(partition, { fence: () => withCommit(partition, commit) });
};

async function withCommit(
  partition: OwnedPartition,
  commitOf: (session: Committing) => Commit,
): Promise<Committing> {
  const session = await partition.fence();
  return { commit: commitOf(session), close: () => session.close() };
}

function idOfThisLife(): NonNullable<SessionHooks['transactionalId']> {
  const life = newLife('life', 0);
  return ({ group, topic, partition }) => `${group}.${topic}.${partition}.${life}`;
}
