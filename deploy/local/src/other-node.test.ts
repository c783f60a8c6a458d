/** A test runner that got hold of the machine's own Node says so, and which command brings ours. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository, wholeEnvironment } from './environment.ts';

const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
/** What an older Node says of itself; there is none on every machine that runs this. */
const older = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' })`;
const asNode20 = `data:text/javascript,${older}`;

function run(config: string, ...flags: string[]): { status: number | null; said: string } {
  const args = ['run', '--config', join(repository, config), '--passWithNoTests', 'none-such'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, vitest, ...args], {
    encoding: 'utf8',
    env: wholeEnvironment({}),
  });
  return { status, said: stdout + stderr };
}

it.each(['vitest.config.ts', 'tidy/vitest.config.ts', 'tidy/readme/vitest.config.ts'])(
  '%s refuses an older Node in one line',
  (config) => {
    const { status, said } = run(config, '--import', asNode20);

    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain(
      'This is Node 20.19.0, and the tests need 24, which npx brings.  ->  npx nx',
    );
    expect(status).toBe(1);
  },
);

it('the project’s own Node is taken', () => {
  const { status, said } = run('vitest.config.ts');

  expect(said).not.toContain('This is Node');
  expect(status).toBe(0);
});
