/**
 * What Kafka's own client and the broker's own files say of a storm: each committed input has one
 * output, in its turn, and the state is what the inputs amount to.
 *
 * It shares no code with the engine, and must fail when it has looked at nothing. What it knows of
 * a record is its checksum; a record that is none of those that must be there is a fault, too.
 */
import type { WitnessedLog } from '../witnessed-log.js';
import {
  contentOf,
  ghostOf,
  keyOf,
  numberOf,
  outputOf,
  PARTITIONS,
  type Said,
  type Sent,
} from './keyed-load.js';

export interface Logs {
  readonly input: readonly WitnessedLog[];
  readonly output: readonly WitnessedLog[];
  readonly changelog: readonly WitnessedLog[];
}

export interface Verdict {
  /** Committed inputs, as the log has them. */
  readonly records: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Of one key. */
  readonly outOfOrder: number;
  /** Outputs for inputs that were rolled back. */
  readonly rolledBack: number;
  /** Keys of another state than their inputs amount to, and outputs that nothing explains. */
  readonly wrongState: number;
  /** Written by an owner after its successor had written. */
  readonly zombies: number;
}

export const FLAWLESS: Omit<Verdict, 'records'> = {
  ...{ lost: 0, duplicated: 0, outOfOrder: 0, rolledBack: 0, wrongState: 0, zombies: 0 },
};

export const isFlawless = (verdict: Verdict): boolean =>
  verdict.records > 0 &&
  (Object.keys(FLAWLESS) as (keyof typeof FLAWLESS)[]).every((fault) => verdict[fault] === 0);

export function judge(logs: Logs, sent: Sent): Verdict {
  assertLoad(logs.input, sent);
  const outputs = outputsIn(logs.output, sent);
  const states = statesIn(logs.changelog, sent);
  return {
    records: sent.records * PARTITIONS,
    ...outputs,
    wrongState: outputs.wrongState + states,
    zombies: zombiesIn([...logs.output, ...logs.changelog]),
  };
}

const allOf = <T>(count: number, of: (partition: number, nth: number) => T): T[] =>
  Array.from({ length: PARTITIONS * count }, (_, i) =>
    of(i % PARTITIONS, Math.floor(i / PARTITIONS)),
  );

/** Otherwise the verdict would be one about another load. */
function assertLoad(input: readonly WitnessedLog[], sent: Sent): void {
  const visible = input.map((log) => log.visible.map(([, line]) => contentIn(line)).join());
  const expected = Array.from({ length: PARTITIONS }, (_, partition) =>
    Array.from({ length: sent.records }, (__, nth) =>
      contentOf(keyOf(partition, nth), numberOf(nth)),
    ).join(),
  );
  if (sent.records > 0 && visible.join(';') === expected.join(';')) return;
  throw new Error('the input is not what was sent, or nothing was sent');
}

function outputsIn(output: readonly WitnessedLog[], sent: Sent) {
  const expected = byContent(allOf(sent.records, (p, nth) => said(keyOf(p, nth), numberOf(nth))));
  const ghosts = byContent(allOf(sent.ghosts, (p, nth) => said(ghostOf(p), nth)));
  const sum = { duplicated: 0, lost: 0, outOfOrder: 0, rolledBack: 0, wrongState: 0 };
  const latest = new Map<string, number>();
  const left = new Map([...expected].map(([content, all]) => [content, [...all]]));
  for (const content of output.flatMap(({ visible }) =>
    visible.map(([, line]) => contentIn(line)),
  )) {
    const one = taken(left.get(content) ?? [], latest);
    if (one) {
      if (one.number < (latest.get(one.key) ?? 0)) sum.outOfOrder += 1;
      latest.set(one.key, one.number);
    } else if (expected.has(content)) sum.duplicated += 1;
    else if (ghosts.has(content)) sum.rolledBack += 1;
    else sum.wrongState += 1;
  }
  sum.lost = [...left.values()].flat().length;
  return sum;
}

const said = (key: string, number: number): Said => ({ key, number, count: number + 1 });

/** Of those that have one checksum, the one whose turn it is, if it is anybody's. */
function taken(candidates: Said[], latest: ReadonlyMap<string, number>): Said | undefined {
  const isNext = ({ key, number }: Said): boolean => number === (latest.get(key) ?? -1) + 1;
  return candidates.splice(Math.max(candidates.findIndex(isNext), 0), 1)[0];
}

function byContent(all: readonly Said[]): Map<number, Said[]> {
  return Map.groupBy(all, (one) => contentOf(one.key, valueOf(one)));
}

const valueOf = (one: Said): unknown => JSON.parse(outputOf(one).value?.toString() ?? '');

/** Keys whose last put is not the number of their records, or one before it was another. */
function statesIn(changelog: readonly WitnessedLog[], sent: Sent): number {
  const last = new Map<string, number>();
  for (let nth = 0; nth < sent.records; nth++) {
    for (let p = 0; p < PARTITIONS; p++) last.set(keyOf(p, nth), numberOf(nth) + 1);
  }
  const puts = new Map<number, { readonly key: string; readonly count: number }[]>();
  for (const [key, final] of last) {
    for (let count = 1; count <= final; count++) {
      const content = contentOf(key, { count });
      puts.set(content, [...(puts.get(content) ?? []), { key, count }]);
    }
  }
  const reached = new Map<string, number>();
  for (const [, line] of changelog.flatMap(({ visible }) => visible)) {
    const candidates = puts.get(contentIn(line)) ?? [];
    const next = candidates.find(({ key, count }) => count > (reached.get(key) ?? 0));
    if (next) reached.set(next.key, next.count);
  }
  return [...last].filter(([key, final]) => reached.get(key) !== final).length;
}

/** Of each producer the epochs never fall: what an older owner sends late is refused. */
export function zombiesIn(logs: readonly WitnessedLog[]): number {
  return logs.reduce((sum, { batches }) => {
    const highest = new Map<string, number>();
    const late = batches.filter(({ producer, epoch }) => {
      const before = highest.get(producer) ?? 0;
      highest.set(producer, Math.max(before, epoch));
      return epoch < before;
    });
    return sum + late.length;
  }, 0);
}

export const contentIn = (line: string): number => Number(line.split(' ').at(-1));
