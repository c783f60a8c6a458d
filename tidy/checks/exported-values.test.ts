import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { exportedValues } from './exported-values.js';

describe('exported values', () => {
  test('are used by another file', () => expectTidy(exportedValues));

  test('one that only its own file uses is found', () => {
    const report = exportedValues(
      workspaceOf({
        'apps/order/src/tax.ts': 'export const RATE = 19;\nexport function tax() { return RATE; }',
        'apps/order/src/main.ts': `import { tax } from './tax.js';\ntax();`,
        'apps/order/src/answer.ts': 'export class Answer {}\nexport const half = 1;',
        'apps/order/src/answer.test.ts': `import { half } from './answer.js';`,
      }),
    );
    expect(report).toEqual({
      looked: 4,
      findings: [
        'apps/order/src/tax.ts: RATE is exported and no other file uses it',
        'apps/order/src/answer.ts: Answer is exported and no other file uses it',
      ],
    });
  });
});
