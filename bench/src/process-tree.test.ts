import { describe, expect, test } from 'vitest';
import {
  cpuBetween,
  descendants,
  parsePss,
  parseStat,
  pssOf,
  readProcesses,
} from './process-tree.js';

const STAT =
  '4242 (a (b) c) S 7 4242 4242 0 -1 4194304 1 2 3 4 150 50 0 0 20 0 11 0 1 2 3 1844674407370955';

describe('what Linux says of a process', () => {
  test('its parent and its processor time, whatever its name', () => {
    expect(parseStat(STAT)).toEqual({ pid: 4242, parent: 7, cpuSeconds: 2 });
  });

  test('its share of memory', () => {
    expect(parsePss('Rss:  9000 kB\nPss:      2048 kB\nPss_Dirty: 1 kB\n')).toBe(2_097_152);
  });

  test('another text is no process', () => {
    expect(() => parseStat('nothing')).toThrow('not a /proc stat line');
    expect(() => parsePss('Rss: 1 kB')).toThrow('no Pss line');
  });
});

test('a tree is a process and all below it, but for branches that are counted elsewhere', () => {
  const one = (pid: number, parent: number) => ({ pid, parent, cpuSeconds: 0 });
  const all = [one(1, 0), one(2, 1), one(3, 2), one(4, 1), one(5, 4), one(9, 0)];
  const pids = (root: number, without: number[] = []) =>
    descendants(all, root, new Set(without)).map(({ pid }) => pid);
  expect(pids(1)).toEqual([1, 2, 4, 3, 5]);
  expect(pids(1, [4])).toEqual([1, 2, 3]);
  expect(pids(9)).toEqual([9]);
  expect(pids(7)).toEqual([]);
});

test('processor time is counted for what is there in the end, also when something ended', () => {
  const one = (pid: number, cpuSeconds: number) => ({ pid, parent: 1, cpuSeconds });
  expect(cpuBetween([one(1, 5), one(2, 90)], [one(1, 7), one(3, 1)])).toBe(3);
  expect(cpuBetween([], [])).toBe(0);
});

test.runIf(process.platform === 'linux')('this very process has memory', () => {
  const own = descendants(readProcesses(), process.pid);
  expect(own[0]?.pid).toBe(process.pid);
  expect(pssOf(own.slice(0, 1))).toBeGreaterThan(10_000_000);
});
