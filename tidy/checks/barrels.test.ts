import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { barrels } from './barrels.js';
import { expectTidy } from './expect-tidy.js';

describe('barrels', () => {
  test('the repository has none inside its projects', () => expectTidy(barrels));

  test('an inner index and a file that only re-exports are found, a lib surface is not', () => {
    const allOfIt = `// All.\nexport { a } from './a.js';\nexport type { B } from './b.js';`;
    const report = barrels(
      workspaceOf({
        'libs/money/src/index.ts': `export { money } from './money.js';`,
        'apps/order/src/prices/index.ts': 'export const one = 1;',
        'apps/order/src/all.ts': allOfIt,
        'apps/order/src/a.ts': `export { b } from './b.js';\nexport const a = 1;`,
      }),
    );
    expect(report.findings).toEqual([
      'apps/order/src/prices/index.ts: only a lib has an index.ts, in its src',
      'apps/order/src/all.ts: only passes on what other files export',
    ]);
  });
});
