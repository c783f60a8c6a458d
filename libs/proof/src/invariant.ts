import type { Case } from './case.js';

/** Why an invariant does not hold, named so that a person finds it. */
export interface CounterExample {
  readonly what: string;
  readonly orderId?: string | undefined;
  readonly eventId?: string | undefined;
  /** `topic-partition@offset` */
  readonly at?: string | undefined;
}

/**
 * The part that only what others have written down can show: how many rows, or why none, or whose
 * there are none of.
 */
export type RecordedPart =
  { readonly recorded: number; readonly without?: string } | { readonly without: string };

export type Finding =
  | (Partial<RecordedPart> & {
      readonly rows: number;
      readonly counterExamples: readonly CounterExample[];
    })
  | { readonly notObserved: string }
  | { readonly notApplicable: string };

/** Orders that an invariant nearer to the cause has named already. */
export type Convicted = Pick<ReadonlySet<string>, 'has'>;

export interface Invariant {
  readonly id: `A${number}`;
  /** One plain sentence. */
  readonly says: string;
  /** The query or rule, in words that can be checked against the code. */
  readonly rule: string;
  /** It looks at every order there is, so it has at least as many rows. */
  readonly everyOrder?: true;
  /** It holds at every moment, also while everything moves; the others hold at rest. */
  readonly atEveryMoment?: true;
  judge(observed: Case, convicted: Convicted): Finding;
}
