import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { deadFiles } from './dead-files.js';
import { expectTidy } from './expect-tidy.js';

describe('dead files', () => {
  test('the repository has none', () => expectTidy(deadFiles));

  test('a file that nothing imports is found, one on the way from an entry is not', () => {
    const report = deadFiles(
      workspaceOf({
        'apps/order/src/main.ts': `import { price } from './price.js';`,
        'apps/order/src/price.ts': `export const later = () => import('./tax.js');`,
        'apps/order/src/tax.ts': '',
        'apps/order/src/forgotten.ts': '',
      }),
    );
    expect(report.findings).toEqual([
      'apps/order/src/forgotten.ts: nothing imports it and no entry names it',
    ]);
  });

  test('a file that only its test imports is dead', () => {
    const report = deadFiles(
      workspaceOf({
        'libs/money/src/index.ts': '',
        'libs/money/src/rounding.ts': '',
        'libs/money/src/rounding.test.ts': `import { round } from './rounding.js';`,
        'libs/money/src/testing/amounts.ts': '',
        'libs/money/src/money.test.ts': `import { amounts } from './testing/amounts.js';`,
      }),
    );
    expect(report.findings).toEqual([
      'libs/money/src/rounding.ts: nothing imports it and no entry names it',
    ]);
  });

  test('an entry may be named by a script, and a process by a string', () => {
    const report = deadFiles(
      workspaceOf({
        'package.json': `{ "scripts": { "start": "node deploy/local/bootstrap.mjs" } }`,
        'deploy/local/bootstrap.mjs': `spawn('deploy/local/src/start.ts')`,
        'deploy/local/src/start.ts': '',
      }),
    );
    expect(report).toEqual({ looked: 2, findings: [] });
  });

  test('settings that nothing names are found', () => {
    const report = deadFiles(
      workspaceOf({
        'apps/order/src/main.ts': `read('broker.properties')`,
        'deploy/local/broker.properties': '',
        'deploy/local/old.properties': '',
      }),
    );
    expect(report.findings).toEqual(['deploy/local/old.properties: nothing mentions it']);
  });

  test('a main that is not the one of its project is no entry', () => {
    const report = deadFiles(
      workspaceOf({
        'apps/order/src/main.ts': '',
        'apps/order/src/old/main.ts': '',
        'apps/console/web/index.html': `<script type="module" src="/src/main.tsx"></script>`,
        'apps/console/web/src/main.tsx': '',
        'apps/console/web/src/old/main.tsx': '',
      }),
    );
    expect(report.findings).toEqual([
      'apps/order/src/old/main.ts: nothing imports it and no entry names it',
      'apps/console/web/src/old/main.tsx: nothing imports it and no entry names it',
    ]);
  });

  test.each([
    'deploy/local/config/unused.xml',
    'apps/console/web/public/unused.css',
    'apps/order/src/unused.txt',
    '.ci/unused.sh',
  ])('%s is found, whatever a page or a check says of it', (path) => {
    const name = path.split('/').at(-1);
    const files = {
      [path]: '',
      'README.md': `\`${name}\``,
      'tidy/vitest.config.ts': `'${name}'`,
      'apps/order/src/main.ts': `read('also-${name}', '${name}-too')`,
    };
    expect(deadFiles(workspaceOf(files)).findings).toEqual([`${path}: nothing mentions it`]);
    const named = { ...files, 'apps/order/src/main.ts': `read('config/${name}')` };
    expect(deadFiles(workspaceOf(named)).findings).toEqual([]);
  });
});
