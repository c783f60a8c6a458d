import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { sizes } from './sizes.js';

describe('sizes', () => {
  test('the repository keeps them', () => expectTidy(sizes));

  test('a file of 301 lines and a line of 101 columns are found, 300 and 100 are not', () => {
    const report = sizes(
      workspaceOf({
        'libs/eos/src/long.ts': 'x\n'.repeat(301),
        'libs/eos/src/full.ts': 'x\n'.repeat(300),
        'apps/streams/src/Wide.java': `\n${'x'.repeat(101)}\n`,
        'libs/eos/src/broad.ts': 'ü'.repeat(100),
      }),
    );
    expect(report.findings).toEqual([
      'libs/eos/src/long.ts: 301 lines, at most 300',
      'apps/streams/src/Wide.java:2: more than 100 columns',
    ]);
  });
});
