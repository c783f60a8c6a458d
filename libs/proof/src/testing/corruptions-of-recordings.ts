import { readPlaces, recordingSince } from '../invariants/consumed.js';
import type { Draft } from './draft.js';
import { corruption, type Corruption } from './planting.js';

type Life = NonNullable<Draft['recordings']['consumed']>[number];

function livesOf(draft: Draft): Life[] {
  return draft.recordings.consumed ?? [];
}

function readsOf(life: Life) {
  return life.events.flatMap((event) => (event.kind === 'read' ? [event] : []));
}

/** Whatever these read, they write something, if only what they remember. */
const ALWAYS_WRITING = ['enrichment.inventory', 'enrichment.fraud', 'enrichment.checks'];

/** Killed in the middle of a Kafka transaction: all that it read was read again by another. */
function wasReplaced(draft: Draft, life: Life): boolean {
  const others = readPlaces(livesOf(draft).filter((one) => one !== life));
  const reads = readsOf(life);
  return (
    ALWAYS_WRITING.some((group) => group === reads[0]?.group) &&
    reads.every(({ group, topic, partition, records }) =>
      records.every(({ offset }) => others.has(group, { topic, partition, offset })),
    ) &&
    readsOf(livesOf(draft).find((one) => isOfSamePartition(one, life)) ?? life).every(({ at }) => {
      return at > recordingSince(livesOf(draft)) + 100;
    })
  );
}

/** The first such life may have begun before anybody can be sure that services record. */
function isOfSamePartition({ events }: Life, { events: others }: Life): boolean {
  const [one, other] = [events[0], others[0]];
  return (
    one?.group === other?.group &&
    one?.topic === other?.topic &&
    one?.partition === other?.partition
  );
}

/** What lives have written down is gone, and what is left looks whole. */
export const corruptionsOfRecordings: readonly Corruption[] = [
  ...['order.status', 'enrichment.checks', 'payment.archive'].map((group) =>
    corruption('A08', `all that ${group} has recorded is gone`, (draft) => {
      const lives = livesOf(draft);
      const left = lives.filter(({ events }) => events.every((event) => event.group !== group));
      draft.recordings.consumed = left;
      return left.length < lives.length;
    }),
  ),
  corruption('A08', 'one life alone has left its recordings', (draft) => {
    const lives = livesOf(draft);
    const begun = lives.toSorted(
      (a, b) => (readsOf(a)[0]?.at ?? 9e15) - (readsOf(b)[0]?.at ?? 9e15),
    );
    draft.recordings.consumed = begun.slice(0, 1);
  }),
  corruption('A08', 'a life that was replaced has left no recordings', (draft) => {
    const replaced = livesOf(draft).find((life) => wasReplaced(draft, life));
    if (!replaced) return false;
    draft.recordings.consumed = livesOf(draft).filter((life) => life !== replaced);
  }),
  corruption('A35', 'one life has committed one input twice', (draft) => {
    for (const { events } of livesOf(draft)) {
      const at = events.findIndex((one) => one.kind === 'ended' && one.outcome === 'committed');
      const [read, ended] = [events[at - 1], events[at]];
      if (read?.kind !== 'read' || !ended) continue;
      const { group, topic, partition } = read;
      const took = { kind: 'took', group, topic, partition, position: null } as const;
      events.push(took, structuredClone(read), structuredClone(ended));
      return true;
    }
    return false;
  }),
];
