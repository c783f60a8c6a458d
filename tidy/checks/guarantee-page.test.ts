import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { guaranteePage } from './guarantee-page.js';

const page = (row: string) => `# Guarantee\n\n| promise | evidence |\n| --- | --- |\n${row}\n`;
const test1 = { 'e2e/buy.test.ts': `test('one order, one charge', () => {})` };
const findings = (row: string) =>
  guaranteePage(workspaceOf({ ...test1, 'docs/guarantee.md': page(row) })).findings;

describe('the guarantee page', () => {
  test('each promise has a test that exists', () => expectTidy(guaranteePage));

  test('a promise with its test is fine', () => {
    expect(findings('| One charge. | `e2e/buy.test.ts` "one order, one charge" |')).toEqual([]);
  });

  test.each([
    ['| One charge. | trust us |', 'docs/guarantee.md: no test is named for: One charge.'],
    ['| One. | `e2e/gone.test.ts` "x" |', 'docs/guarantee.md: e2e/gone.test.ts does not exist'],
    [
      '| One. | `e2e/buy.test.ts` "two charges" |',
      'docs/guarantee.md: e2e/buy.test.ts has no test "two charges"',
    ],
  ])('%s', (row, finding) => {
    expect(findings(row)).toEqual([finding]);
  });
});
