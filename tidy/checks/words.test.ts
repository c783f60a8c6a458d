import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { words } from './words.js';

describe('words', () => {
  test('the repository has none of the forbidden ones', () => expectTidy(words));

  test.each([
    ['cd /work/main', 'a path of one machine'],
    [`const cache = '/root/.m2/repository';`, 'a path of one machine'],
    ['"resolved": "https://registry.npmjs.org/zod"', 'a registry host'],
    ['// FIXME: rounding', 'a note to oneself'],
    ['done in issue 12', 'a reference to a tracker'],
    ['test.only("this one")', 'a test that switches the others off'],
  ])('%s', (line, what) => {
    const report = words(workspaceOf({ 'libs/money/src/money.ts': `first\n${line}\n` }));
    expect(report.findings).toEqual([`libs/money/src/money.ts:2: ${what}: ${line}`]);
  });

  test('an ordinary route is no path of a machine', () => {
    const text = `get('/orders/work'); // the unit of work/effort`;
    expect(words(workspaceOf({ 'apps/order/src/main.ts': text })).findings).toEqual([]);
  });
});
