import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { words } from './words.js';

/** Put together here and below, so that this file holds nothing of the kind itself. */
const absolute = (...names: readonly string[]): string => ['', ...names].join('/');

describe('words', () => {
  test('the repository has none of the forbidden ones', () => expectTidy(words));

  test.each([
    [`cd ${absolute('work', 'main')}`, 'a path of one machine'],
    [`const cache = '${absolute('root', '.m2', 'repository')}';`, 'a path of one machine'],
    [`cd ${absolute('home', 'me', 'main')}`, 'a path of one machine'],
    [`cd ${absolute('Users', 'me', 'main')}`, 'a path of one machine'],
    ['"resolved": "https://registry.npmjs.org/zod"', 'a registry host'],
    [`// FIX${'ME'}: rounding`, 'a note to oneself'],
    [`// TO${'DO'}: rounding`, 'a note to oneself'],
    [`// ${'X'.repeat(3)} rounding`, 'a note to oneself'],
    [`// HA${'CK'} for rounding`, 'a note to oneself'],
    ['done in issue 12', 'a reference to a tracker'],
    [`test.${'only'}("this one")`, 'a test that switches the others off'],
    [`it.${'skip'}("later", () => {})`, 'a test that is not run'],
    [`describe.${'skip'}("all of it", () => {})`, 'a test that is not run'],
    [`test.describe.${'fixme'}("in the browser", () => {})`, 'a test that is not run'],
    ['.todo("on a line of its own")', 'a test that is not run'],
    ['xit("the old way", () => {})', 'a test that is not run'],
    ['xtest("the old way", () => {})', 'a test that is not run'],
    ['xdescribe("the old way", () => {})', 'a test that is not run'],
    ['test("by option", { skip: true }, () => {})', 'a test that is not run'],
    ['it.runIf(jars.length > 0)(', 'a test on a condition without a reason'],
    ['it.skipIf(slow)(', 'a test on a condition without a reason'],
  ])('%s', (line, what) => {
    const report = words(workspaceOf({ 'libs/money/src/money.ts': `first\n${line}\n` }), []);
    expect(report.findings).toEqual([`libs/money/src/money.ts:2: ${what}: ${line}`]);
  });

  test('an ordinary route is no path of a machine', () => {
    const text = `get('/orders/work'); // the unit of work/effort`;
    expect(words(workspaceOf({ 'apps/order/src/main.ts': text }), []).findings).toEqual([]);
  });

  test('to pass a record over, or to exit, is no skipped test', () => {
    const text = `return skip('already known'); process.exit(1); split.skipped(2);`;
    expect(words(workspaceOf({ 'apps/order/src/main.ts': text }), []).findings).toEqual([]);
  });

  test('a condition is allowed in one file, in one wording, and as long as it is there', () => {
    const path = 'libs/money/src/money.test.ts';
    const allowed = [{ path, call: 'it.runIf(linux)(', because: '/proc' }];
    const findings = (files: Record<string, string>) => words(workspaceOf(files), allowed).findings;
    expect(findings({ [path]: 'it.runIf(linux)(' })).toEqual([]);
    expect(findings({ [path]: 'it.runIf(windows)(' })).toEqual([
      `${path}:1: a test on a condition without a reason: it.runIf(windows)(`,
      `${path}: no longer says it.runIf(linux)(`,
    ]);
    expect(findings({ 'libs/a.test.ts': 'it.runIf(linux)(' })).toEqual([
      'libs/a.test.ts:1: a test on a condition without a reason: it.runIf(linux)(',
      `${path}: no longer says it.runIf(linux)(`,
    ]);
  });
});
