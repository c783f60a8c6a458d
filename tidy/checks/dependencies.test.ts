import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { dependencies } from './dependencies.js';
import { expectTidy } from './expect-tidy.js';

const manifest = (name: string, dependencies: object = {}, devDependencies: object = {}) =>
  JSON.stringify({ name: `@checkout/${name}`, dependencies, devDependencies });
const money = { 'libs/money/package.json': manifest('money'), 'libs/money/src/money.ts': '' };
const referencing = JSON.stringify({ references: [{ path: '../../libs/money' }] });
const findings = (files: Record<string, string>) =>
  dependencies(workspaceOf({ ...money, ...files })).findings;

describe('dependencies', () => {
  test('of every project are declared, used and referenced', () => expectTidy(dependencies));

  test('a declared, referenced and used one is fine', () => {
    const files = {
      'apps/order/package.json': manifest('order', { '@checkout/money': '0.1.0' }),
      'apps/order/tsconfig.json': referencing,
      'apps/order/src/main.ts': `import { add } from '@checkout/money';`,
    };
    expect(findings(files)).toEqual([]);
  });

  test('undeclared and unreferenced ones are found', () => {
    const files = {
      'apps/order/package.json': manifest('order'),
      'apps/order/src/main.ts': `import { add } from '@checkout/money';\nimport 'zod/v4';`,
    };
    expect(findings(files)).toEqual([
      'apps/order: imports @checkout/money without declaring it',
      'apps/order: imports zod without declaring it',
      'apps/order: its tsconfig does not reference libs/money',
    ]);
  });

  test('one that is declared for tests but runs, and an unused one, are found', () => {
    const files = {
      'apps/order/package.json': manifest('order', { zod: '4.6.7' }, { uuid: '1.0.0' }),
      'apps/order/src/main.ts': `import { v5 } from 'uuid';`,
    };
    expect(findings(files)).toEqual([
      'apps/order: uuid is needed at run time',
      'apps/order: declares zod and does not import it',
    ]);
  });

  test('a path into another project is found', () => {
    const files = {
      'apps/order/package.json': manifest('order'),
      'apps/order/src/main.ts': `import { add } from '../../../libs/money/src/money.js';`,
    };
    expect(findings(files)).toEqual(['apps/order/src/main.ts: reaches into libs/money']);
  });
});
