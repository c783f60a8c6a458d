import { expect, it } from 'vitest';
import {
  contentOf,
  ghostOf,
  keyOf,
  numberOf,
  outputOf,
  PARTITIONS,
  type Said,
} from '../testing/storm/keyed-load.js';
import { FLAWLESS, isFlawless, judge, type Logs } from '../testing/storm/verdict.js';

/** A judge that finds nothing must not have been blind: each fault is planted, and found alone. */
const RECORDS = 20;
const SENT = { records: RECORDS, ghosts: 3 };

interface Lines {
  readonly input: number[][];
  readonly output: number[][];
  readonly changelog: number[][];
  readonly batches: { producer: string; epoch: number }[];
}

function flawless(): Lines {
  const lines: Lines = { input: [], output: [], changelog: [], batches: [] };
  for (const part of ['input', 'output', 'changelog'] as const) {
    lines[part].push(...Array.from({ length: PARTITIONS }, (): number[] => []));
  }
  for (let nth = 0; nth < RECORDS; nth++) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const [key, number] = [keyOf(partition, nth), numberOf(nth)];
      lines.input[partition]!.push(contentOf(key, number));
      const said = { key, number, count: number + 1 };
      lines.output[outputOf(said).partition]!.push(saidContent(said));
      lines.changelog[partition]!.push(contentOf(key, { count: number + 1 }));
    }
  }
  lines.batches.push({ producer: '7', epoch: 1 }, { producer: '7', epoch: 2 });
  return lines;
}

const saidContent = (said: Said): number =>
  contentOf(said.key, JSON.parse(String(outputOf(said).value)));

function logsOf({ input, output, changelog, batches }: Lines): Logs {
  const log = (contents: readonly number[], own: Lines['batches'] = []) => ({
    visible: contents.map((content, i) => [i, `${i} 0 ${content}`] as const),
    ...{ aborted: [], batches: own, lastStable: contents.length, lines: () => [] },
  });
  return {
    input: input.map((contents) => log(contents)),
    output: output.map((contents, i) => log(contents, i === 0 ? batches : [])),
    changelog: changelog.map((contents) => log(contents)),
  };
}

it('finds nothing where each record has its output, in its turn', () => {
  const verdict = judge(logsOf(flawless()), SENT);
  expect(verdict).toEqual({ ...FLAWLESS, records: RECORDS * PARTITIONS });
  expect(isFlawless(verdict)).toBe(true);
});

const first = keyOf(0, 0);
const lastOf = (contents: number[]): number => contents.length - 1;

it.each<[keyof typeof FLAWLESS, (lines: Lines) => void]>([
  ['lost', ({ output }) => output[1]!.pop()],
  ['duplicated', ({ output }) => output[1]!.push(output[1]![3]!)],
  ['rolledBack', ({ output }) => output[0]!.push(saidContent(ghostSaid))],
  ['wrongState', ({ output }) => output[0]!.push(saidContent({ key: first, number: 2, count: 9 }))],
  ['wrongState', ({ changelog }) => changelog[2]!.splice(lastOf(changelog[2]!), 1)],
  ['zombies', ({ batches }) => batches.push({ producer: '7', epoch: 1 })],
  [
    'outOfOrder',
    ({ output }) => {
      const [a, b] = [1, 2].map((number) => saidContent({ key: first, number, count: number + 1 }));
      const own = output[0]!;
      const [i, j] = [own.indexOf(a!), own.indexOf(b!)];
      [own[i], own[j]] = [own[j]!, own[i]!];
    },
  ],
])('finds what is %s, and nothing else', (fault, plant) => {
  const lines = flawless();
  plant(lines);
  const verdict = judge(logsOf(lines), SENT);
  expect(verdict).toEqual({ ...FLAWLESS, records: RECORDS * PARTITIONS, [fault]: 1 });
  expect(isFlawless(verdict)).toBe(false);
});

const ghostSaid: Said = { key: ghostOf(0), number: 1, count: 2 };

it('gives no verdict where it has nothing to look at, or another input than was sent', () => {
  const none = { input: [], output: [], changelog: [], batches: [] };
  expect(() => judge(logsOf(none), { records: 0, ghosts: 0 })).toThrow('nothing was sent');
  const lines = flawless();
  lines.input[0]!.pop();
  expect(() => judge(logsOf(lines), SENT)).toThrow('not what was sent');
});
