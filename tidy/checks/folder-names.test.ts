import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { folderNames } from './folder-names.js';

describe('names of folders', () => {
  test('the repository names things by what they own', () => expectTidy(folderNames));

  test('catch-alls and layers are found', () => {
    const report = folderNames(
      workspaceOf({
        'libs/shared/src/index.ts': '',
        'apps/order/src/dtos/order.ts': '',
        'apps/order/src/utils.ts': '',
        'apps/order/src/prices/price.ts': '',
      }),
    );
    expect(report.findings).toEqual([
      'libs/shared: name it by what it owns',
      'apps/order/src/dtos: a folder is a concept, not a layer',
      'apps/order/src/utils.ts: name it by what it owns',
    ]);
  });
});
