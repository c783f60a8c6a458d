import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../workspace.js';

/**
 * The last column of the README's table: each command must find the tests that it is there to run.
 * That those pass is the business of `npm test`.
 */
const table = readFileSync(join(root, 'README.md'), 'utf8').matchAll(
  /^\|.*\| `(np[mx] .+?)` +\|$/gm,
);
const commands = [...table].map(([, command = '']) => command);

test('the table has commands', () => expect(commands.length).toBeGreaterThan(5));

test.each(commands)('%s', (command) => {
  expect(testsOf(command), 'tests that the command would run').toBeGreaterThan(0);
});

function testsOf(command: string): number {
  const browser = /^npm run e2e -- (.+)$/.exec(command)?.[1];
  if (browser !== undefined) return listed(browser.split(' '));
  const project = /^npx nx test @checkout\/([\w-]+)$/.exec(command)?.[1];
  if (project === undefined) throw new Error('a command of a kind that this test does not know');
  return ['apps', 'libs'].filter((folder) => hasTests(join(root, folder, project))).length;
}

/** Playwright says on its last line how many there are, and fails when there is none. */
function listed(filter: readonly string[]): number {
  const playwright = join(root, 'node_modules/.bin/playwright');
  const said = execFileSync(playwright, ['test', '--list', ...filter], {
    cwd: join(root, 'e2e'),
    encoding: 'utf8',
  });
  return Number(/^Total: (\d+) tests? in /m.exec(said)?.[1] ?? 0);
}

function hasTests(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  const { scripts } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: { test?: string } };
  return scripts?.test !== undefined;
}
