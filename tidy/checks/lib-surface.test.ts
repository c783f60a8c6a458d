import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { exportedValues, libSurface } from './lib-surface.js';

describe('surfaces of the libs', () => {
  test('each is small enough to hold in the head, and used', () => expectTidy(libSurface));

  test('values are counted, as an importer sees them', () => {
    const text = `export { a, type B, c as d } from './a.js';\nexport type { E } from './e.js';`;
    expect(exportedValues(text)).toEqual(['a', 'd']);
  });

  test('a wide surface and an unused name are found', () => {
    const names = Array.from({ length: 13 }, (_, n) => `n${n}`).join(', ');
    const used = names.replace(', n12', '');
    const report = libSurface(
      workspaceOf({
        'libs/money/src/index.ts': `export { ${names} } from './all.js';`,
        'apps/order/src/a.ts': `import { n0 } from '@checkout/money'; ${used}`,
      }),
    );
    expect(report.findings).toEqual([
      'libs/money/src/index.ts: 13 exported names, at most 12',
      'libs/money/src/index.ts: n12 is exported and nobody outside uses it',
    ]);
  });
});
