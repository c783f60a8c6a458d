import fc, { type Arbitrary } from 'fast-check';

/**
 * What producers do to one partition, step by step, and where somebody starts to read it. Drawn, so
 * that nobody has to think of the case that leaks.
 *
 * Who is replaced has died: a successor takes its transactional id, and with it what was open.
 */
export type Step =
  | { readonly who: number; readonly does: 'sends'; readonly records: readonly DrawnRecord[] }
  | { readonly who: number; readonly does: Ending }
  | { readonly who: 'nobody'; readonly does: 'sends'; readonly records: readonly DrawnRecord[] };

export type Ending = 'commits' | 'aborts' | 'is replaced';

export interface DrawnRecord {
  readonly key: Buffer | null;
  readonly bytes: number;
}

export interface Fetch {
  /** Modulo the length of what can be read: anywhere, also in the middle of a record batch. */
  readonly start: number;
  /** How much one answer holds: most end while some Kafka transaction is open. */
  readonly batches: number;
}

/** Begins with a record, so that it lies somewhere. */
export interface Case {
  readonly history: readonly Step[];
  readonly fetches: readonly Fetch[];
}

export const PRODUCERS = 3;
const MAX_BATCHES = 8;
/** What the published client takes for an abort marker, wherever it stands. */
const ZERO_KEY = Buffer.alloc(4);

const key: Arbitrary<Buffer | null> = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 99 }).map((n) => Buffer.from(`k${n}`)) },
  { weight: 1, arbitrary: fc.constant(ZERO_KEY) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const records = fc.array(fc.record({ key, bytes: fc.nat({ max: 200 }) }), {
  minLength: 1,
  maxLength: 3,
});
const who = fc.nat({ max: PRODUCERS - 1 });
const sends = fc.record({ who, does: fc.constant('sends' as const), records });
const ends = (does: Ending): Arbitrary<Step> => fc.record({ who, does: fc.constant(does) });

const step: Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: sends },
  { weight: 6, arbitrary: ends('aborts') },
  { weight: 5, arbitrary: ends('commits') },
  { weight: 1, arbitrary: ends('is replaced') },
  {
    weight: 2,
    arbitrary: fc.record({
      who: fc.constant('nobody' as const),
      does: fc.constant('sends' as const),
      records,
    }),
  },
);

const fetch: Arbitrary<Fetch> = fc.record({
  start: fc.nat(),
  batches: fc.integer({ min: 1, max: MAX_BATCHES }),
});

/** How long, and how often read: on a real broker each costs its time. */
export const drawnCases = (steps: Span, fetches: Span): Arbitrary<Case> =>
  fc.record({
    history: fc.tuple(sends, fc.array(step, steps)).map(([first, more]) => [first, ...more]),
    fetches: fc.array(fetch, fetches),
  });

interface Span {
  readonly minLength: number;
  readonly maxLength: number;
}

/** Repeats a run: without it, each looks at other histories. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

/** From the first record of an aborted Kafka transaction to its marker. */
export interface AbortedSpan {
  readonly first: number;
  readonly marker: number;
}

/** Two that were open at one time: of such the published client delivers rolled-back records. */
export function interleave(spans: readonly AbortedSpan[]): boolean {
  return spans.some((one) => spans.some(({ first }) => one.first < first && first < one.marker));
}

/** A line a step, for whoever looks at a failure. */
export function told({ history }: Case): string {
  return history
    .map((one) => {
      const keys = 'records' in one ? one.records.map((record) => told1(record)) : [];
      return `  ${one.who} ${one.does} ${keys.join(', ')}`.trimEnd();
    })
    .join('\n');
}

const told1 = (record: DrawnRecord): string =>
  record.key?.equals(ZERO_KEY) ? 'a key of four zero bytes' : String(record.key);
