/**
 * Real PostgreSQL, real broker, real Connect: what a person relies on when they start, stop, kill
 * and start again.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withClient } from './databases.ts';
import { localFolder, wholeEnvironment } from './environment.ts';
import { postgresPlace } from './postgres-place.ts';
import { RunFolder, type RecordedProcess } from './run-folder.ts';
import { startSystem, type System, type SystemOptions } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';
import { lives, until } from './testing/until.ts';

const MINUTE = 60_000;

async function start(options: SystemOptions): Promise<System> {
  const system = await startSystem(options);
  onTestFinished(() => system.stop());
  return system;
}

/** `npm start`, without the part of it that installs. */
function runStart(runDir: string, args: readonly string[]): ChildProcess & { said(): string } {
  const child = spawn(process.execPath, [join(localFolder, 'src', 'start.ts'), ...args], {
    env: wholeEnvironment({ RUN_DIR: runDir }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout?.on('data', (text) => (said += text));
  child.stderr?.on('data', (text) => (said += text));
  return Object.assign(child, { said: () => said });
}

function recorded(runDir: string): RecordedProcess[] {
  if (!existsSync(join(runDir, 'processes.json'))) return [];
  return JSON.parse(readFileSync(join(runDir, 'processes.json'), 'utf8')) as RecordedProcess[];
}

describe('starting again', () => {
  it(
    'ends what a killed runner left behind',
    async () => {
      const runDir = temporaryFolder();
      const runner = runStart(runDir, ['--only', 'postgres']);
      await until(() => runner.said().includes('Ready'), MINUTE);
      const left = recorded(runDir).map(({ pid }) => pid);
      runner.kill('SIGKILL');
      await once(runner, 'exit');
      expect(left.filter(lives)).toHaveLength(1);

      const lines: string[] = [];
      const next = await start({ runDir, only: ['postgres'], report: (line) => lines.push(line) });

      expect(left.filter(lives)).toEqual([]);
      expect(lines[0]).toBe('ended what a killed runner had left: postgres');
      await withClient(next.databaseUrl('orders'), (client) => client.query('SELECT'));
    },
    MINUTE,
  );

  it(
    'does not touch a process that only has the number of a former one',
    async () => {
      const runDir = temporaryFolder();
      const innocent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      onTestFinished(() => void innocent.kill());
      const entry = { name: 'broker', pid: innocent.pid, port: null, restarts: 0, started: '1' };
      mkdirSync(join(runDir, 'logs'), { recursive: true });
      writeFileSync(join(runDir, 'processes.json'), JSON.stringify([entry]));

      await start({ runDir, only: ['jars'] });

      expect(lives(innocent.pid ?? 0)).toBe(true);
    },
    MINUTE,
  );

  it(
    'is refused while a runner of the same folder lives',
    async () => {
      const runDir = temporaryFolder();
      await start({ runDir, only: ['jars'] });

      const second = runStart(runDir, ['--only', 'postgres']);
      const [code] = (await once(second, 'exit')) as [number];

      expect(code).toBe(1);
      expect(second.said()).toContain(`${runDir} is in use by a runner that is alive`);
      expect(second.said()).toContain('RUN_DIR=');
    },
    MINUTE,
  );
});

describe('a part that is killed', () => {
  it(
    'comes back by itself: PostgreSQL with its rows, the broker within seconds',
    async () => {
      const lines: string[] = [];
      const report = (line: string): void => void lines.push(line);
      const system = await start({
        runDir: temporaryFolder(),
        only: ['postgres', 'broker'],
        report,
      });
      await withClient(system.databaseUrl('ledger'), (client) =>
        client.query('CREATE TABLE kept AS SELECT 42 AS answer'),
      );
      const [postgres, broker] = [system.kill('postgres'), system.kill('broker')];
      const from = performance.now();
      await system.ready();

      expect(performance.now() - from).toBeLessThan(20_000);
      expect([postgres, broker].filter(lives)).toEqual([]);
      expect(system.processes()).toMatchObject([{ restarts: 1 }, { restarts: 1 }]);
      const found = await withClient(system.databaseUrl('ledger'), (client) =>
        client.query('SELECT answer FROM kept'),
      );
      expect(found.rows).toEqual([{ answer: 42 }]);
      expect(lines).toContain('postgres was killed (SIGKILL), restarting');
      expect(lines).toContain('broker was killed (SIGKILL), restarting');
    },
    2 * MINUTE,
  );
});

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends everything and leaves none',
    async (signal) => {
      const runDir = temporaryFolder();
      const runner = runStart(runDir, ['--only', 'postgres,broker']);
      await until(() => runner.said().includes('Ready'), MINUTE);
      const running = recorded(runDir).map(({ pid }) => pid);
      expect(running.filter(lives)).toHaveLength(2);

      const from = performance.now();
      runner.kill(signal);
      const [code] = (await once(runner, 'exit')) as [number];

      expect(code).toBe(0);
      expect(performance.now() - from).toBeLessThan(10_000);
      expect(running.filter(lives)).toEqual([]);
      expect(recorded(runDir)).toEqual([]);
    },
    MINUTE,
  );

  it(
    'during the start ends what has been started so far',
    async () => {
      const runDir = temporaryFolder();
      const runner = runStart(runDir, ['--only', 'connect']);
      await until(() => /broker +starting/.test(runner.said()), MINUTE);
      await until(() => recorded(runDir).length > 0, MINUTE);
      const running = recorded(runDir).map(({ pid }) => pid);

      runner.kill('SIGTERM');
      const [code] = (await once(runner, 'exit')) as [number];

      expect(code).toBe(0);
      expect(running.filter(lives)).toEqual([]);
      expect(recorded(runDir)).toEqual([]);
    },
    MINUTE,
  );
});

describe('a start that is broken off while PostgreSQL is made', () => {
  it(
    'leaves nothing that the next one takes for whole',
    async () => {
      const runDir = temporaryFolder();
      const runner = runStart(runDir, ['--only', 'postgres']);
      const half = join(runDir, 'data', 'postgres.unfinished', 'PG_VERSION');
      await until(() => existsSync(half), MINUTE);
      runner.kill('SIGTERM');
      await once(runner, 'exit');
      expect(existsSync(half), 'it was broken off in the middle').toBe(true);

      const next = await start({ runDir, only: ['postgres'] });

      await withClient(next.databaseUrl('orders'), (client) => client.query('SELECT'));
      expect(existsSync(half)).toBe(false);
    },
    MINUTE,
  );
});

describe('a start that fails', () => {
  it(
    'names the part, shows the end of its log and where it lies, and leaves none',
    async () => {
      const runDir = temporaryFolder();
      mkdirSync(join(runDir, 'data', 'broker'), { recursive: true });
      writeFileSync(join(runDir, 'data', 'broker', 'meta.properties'), 'version=1\nnode.id=77\n');

      const runner = runStart(runDir, ['--only', 'postgres,broker']);
      const [code] = (await once(runner, 'exit')) as [number];

      expect(code).toBe(1);
      expect(runner.said()).toContain('broker failed: broker ended with exit code 1');
      expect(runner.said()).toContain('77');
      expect(runner.said()).toContain(join(runDir, 'logs', 'broker.log'));
      expect(runner.said()).toContain('Next: ');
      expect(recorded(runDir)).toEqual([]);
    },
    MINUTE,
  );

  it('knows the names of the parts', async () => {
    const starting = startSystem({ runDir: temporaryFolder(), only: ['postgress'] });

    await expect(starting).rejects.toThrow(/no part is named postgress; there are: .*postgres/);
  });
});

describe('where things lie', () => {
  it('secrets are for their owner alone', async () => {
    const runDir = temporaryFolder();
    await start({ runDir, only: ['jars'] });

    expect(statSync(join(runDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it.runIf(process.getuid?.() === 0)(
    'PostgreSQL works in a folder that its user cannot enter, and says where it is instead',
    async () => {
      const closed = temporaryFolder();
      chmodSync(closed, 0o700);
      const runDir = join(closed, 'run');
      const lines: string[] = [];
      const system = await startSystem({
        runDir,
        only: ['postgres'],
        report: (line) => lines.push(line),
      });
      await withClient(system.databaseUrl('orders'), (client) => client.query('SELECT'));
      await system.stop();

      const folder = new RunFolder(runDir);
      const { data } = postgresPlace(folder);
      folder.release();
      onTestFinished(() => rmSync(dirname(data), { recursive: true, force: true }));
      expect(data).toMatch(/^\/var\/tmp\/checkout-/);
      expect(existsSync(join(data, 'PG_VERSION'))).toBe(true);
      expect(lines.at(-1)).toContain(`in ${data}: its user cannot enter`);
    },
    MINUTE,
  );
});
