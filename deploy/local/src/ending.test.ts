/** Whoever is told to end ends all that it started, however the word comes to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pick, repository, wholeEnvironment } from './environment.ts';
import { reservePorts } from './ports.ts';
import { copyOfDoor } from './testing/door.ts';
import { temporaryFolder } from './testing/folders.ts';
import { lives, until } from './testing/until.ts';

const MINUTE = 60_000;

it(
  'npm start that gets a SIGTERM, which npm does not hand on, leaves no process',
  async () => {
    const runDir = temporaryFolder();
    const variables = ['PORT', 'GATEWAY_PORT', 'KAFKA_PORT'];
    const { ports, release } = await reservePorts(join(temporaryFolder(), 'p.json'), variables);
    release();
    const chosen = Object.fromEntries(variables.map((name) => [name, String(ports[name])]));
    const npm = spawn('npm', ['start', '--', '--only', 'postgres'], {
      cwd: repository,
      env: wholeEnvironment({ ...chosen, RUN_DIR: runDir }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    npm.stdout.on('data', (text) => (said += text));
    await until(() => said.includes('Ready in'), MINUTE);
    const started = (
      JSON.parse(readFileSync(join(runDir, 'processes.json'), 'utf8')) as { pid: number }[]
    ).map(({ pid }) => pid);
    expect(started.filter(lives)).toHaveLength(1);

    npm.kill('SIGTERM');

    await until(() => started.filter(lives).length === 0);
    await until(() => !existsSync(join(runDir, 'runner.lock')));
  },
  2 * MINUTE,
);

it('an installation that is broken off ends with its command, and is not believed', async () => {
  const root = temporaryFolder();
  const door = copyOfDoor(root);
  mkdirSync(join(root, 'libs', 'eos', 'patches'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"workspaces":[]}');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  const bin = temporaryFolder();
  const pidFile = join(bin, 'pid');
  // Like npm: what it runs is a process of its own, to which it hands nothing on.
  const npm = `#!/bin/sh\nsleep 600 &\necho $! > ${pidFile}\nwait\n`;
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  const command = spawn(process.execPath, [door, 'check'], {
    cwd: root,
    env: wholeEnvironment({ PATH: `${bin}${delimiter}${pick(['PATH'])['PATH'] ?? ''}` }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void command.kill('SIGKILL'));
  let said = '';
  command.stderr.on('data', (text) => (said += text));
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim() !== '');
  const installing = Number(readFileSync(pidFile, 'utf8'));
  expect(lives(installing)).toBe(true);

  command.kill('SIGTERM');

  const [code] = (await once(command, 'exit')) as [number];
  expect(code).toBe(1);
  expect(said).toContain('broken off');
  await until(() => !lives(installing));
  expect(existsSync(join(root, 'node_modules', '.checkout-installed.json'))).toBe(false);
});
