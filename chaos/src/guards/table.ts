import { copyKafkajsWithout, type Guard, type KafkajsCopy } from '@checkout/testkit';
import {
  abortsInterleaved,
  answerAborted,
  commitUnanswered,
  committedMeanwhile,
  killedBehindItsCommit,
  questionsAborted,
  wokeUpLate,
  type Misfortune,
} from './misfortunes.js';

/** What the judge says of a shop without one guard, after the misfortune that it is there for. */
export interface Loss {
  /** What enrichment does instead. */
  readonly instead: string;
  readonly misfortune: Misfortune;
  /** All that do not hold, no more and no less, and which of them are symptoms of another. */
  readonly violated: readonly string[];
  readonly explained?: readonly string[];
  /** Found by the invariant that is named for it. */
  readonly shownBy: { readonly invariant: string; readonly says: RegExp };
  /** Another kafkajs than the installed one, where the guard is about that. */
  readonly client?: () => KafkajsCopy;
}

const TWICE = { invariant: 'A10', says: /is there 2 times and owed 1/ };
const BOTH = { invariant: 'A35', says: /have both committed it/ };
const ABORTED = { invariant: 'A07', says: /has read what is aborted/ };

const LOSSES = {
  'one-transaction': {
    instead: 'it commits its outputs first and the offset afterwards, apart',
    misfortune: killedBehindItsCommit,
    violated: ['A10'],
    shownBy: TWICE,
  },
  'again-after-abort': {
    instead: 'it goes on behind a Kafka transaction that was aborted',
    misfortune: questionsAborted,
    violated: ['A08', 'A10'],
    // What nobody has heard of never ends.
    explained: ['A30'],
    shownBy: { invariant: 'A08', says: /has passed it, and whoever has read it says that it was/ },
  },
  'one-identity': {
    instead: 'each process has transactional ids of its own',
    misfortune: wokeUpLate,
    violated: ['A10', 'A35'],
    shownBy: BOTH,
  },
  'identity-before-offset': {
    instead: 'it asks where to start before it takes the identity away',
    misfortune: committedMeanwhile,
    violated: ['A10', 'A35'],
    shownBy: BOTH,
  },
  'look-after-unknown': {
    instead: 'it says again what it has no answer to',
    misfortune: commitUnanswered,
    // Whoever says it again has read nothing itself.
    violated: ['A08', 'A10'],
    shownBy: TWICE,
  },
  'committed-only': {
    instead: 'it reads what lies in the log, committed or not',
    misfortune: answerAborted,
    violated: ['A07'],
    shownBy: ABORTED,
  },
  'patched-client': {
    instead: 'it starts on a kafkajs without the patches',
    misfortune: abortsInterleaved,
    violated: ['A07'],
    shownBy: ABORTED,
    client: () => copyKafkajsWithout('aborted-filter'),
  },
} as const satisfies Partial<Record<Guard, Loss>>;

export type Shown = keyof typeof LOSSES;

/** What no customer of this shop can bring about: what it is for libs/eos/src/conformance shows. */
export const NOT_HERE = {
  'plain-keys':
    'keys of this shop are names and UUIDs, and PostgreSQL takes no \0 in either, so that no ' +
    'order brings a record with such a key about',
} as const satisfies Record<Exclude<Guard, Shown>, string>;

export const NAMES = Object.keys(LOSSES) as Shown[];
export const lossOf = (name: Shown): Loss => LOSSES[name];
