import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RunFolder } from './run-folder.ts';
import type { ProcessSpec } from './supervised.ts';
import { Supervisor } from './supervisor.ts';
import { temporaryFolder } from './testing/folders.ts';
import { LIVES, livesUntilTold, program } from './testing/programs.ts';
import { lives, until } from './testing/until.ts';

interface Running {
  supervisor: Supervisor;
  folder: RunFolder;
  lines: string[];
}

function supervise(): Running {
  const folder = new RunFolder(temporaryFolder());
  const lines: string[] = [];
  const supervisor = new Supervisor(folder, (line) => lines.push(line));
  onTestFinished(async () => {
    await supervisor.stop([]);
    folder.release();
  });
  return { supervisor, folder, lines };
}

const pidOf = ({ supervisor }: Running, name: string): number =>
  supervisor.processes().find((one) => one.name === name)?.pid ?? 0;

describe('a supervised process', () => {
  it('is started again when it is killed, under another pid, and counted', async () => {
    const running = supervise();
    await running.supervisor.start(program('shop', LIVES));
    const before = pidOf(running, 'shop');

    expect(running.supervisor.kill('shop', 'SIGKILL')).toBe(before);
    await running.supervisor.ready('shop');

    expect(pidOf(running, 'shop')).not.toBe(before);
    expect(running.supervisor.processes()).toMatchObject([{ name: 'shop', restarts: 1 }]);
    expect(JSON.parse(readFileSync(running.folder.file('processes.json'), 'utf8'))).toMatchObject([
      { name: 'shop', pid: pidOf(running, 'shop'), port: null, restarts: 1 },
    ]);
    expect(running.lines[0]).toBe('shop was killed (SIGKILL), restarting');
    expect(running.lines[1]).toMatch(/^shop is ready again after \d+\.\d s \(restart 1\)$/);
  });

  it('is started later and later when it dies soon after each start', async () => {
    const running = supervise();
    const firstLives = `
      const fs = require('node:fs');
      fs.appendFileSync(process.env.STARTS, Date.now() + '\\n');
      console.log('ready');
      setTimeout(() => process.exit(1), 100);`;
    const starts = join(running.folder.path, 'starts');
    const spec = program('shop', firstLives);
    await running.supervisor.start({ ...spec, env: { ...spec.env, STARTS: starts } });

    const times = (): number[] => readFileSync(starts, 'utf8').trim().split('\n').map(Number);
    await until(() => times().length === 5);
    const gaps = times().map((time, index, all) => time - (all[index - 1] ?? time));
    expect(gaps[4]).toBeGreaterThan(1_000);
    expect(gaps[4]).toBeGreaterThan(gaps[2] ?? Infinity);
  }, 20_000);

  it('is not started again when its configuration is at fault', async () => {
    const running = supervise();
    const text = livesUntilTold('process.exit(78)');
    await running.supervisor.start(program('shop', text));

    running.supervisor.kill('shop', 'SIGTERM');

    await expect(running.supervisor.ready('shop')).rejects.toThrow(/does not run any more/);
    expect(running.lines).toEqual([
      'shop ended with exit code 78: its configuration is at fault, not restarted',
    ]);
  });

  it.runIf(process.platform === 'linux')(
    'that lost its place in its groups waits until the other member is gone',
    async () => {
      const running = supervise();
      const member = { KAFKA_BROKERS: running.folder.path, INSTANCE_ORDINAL: '0' };
      const asMember = (spec: ProcessSpec): ProcessSpec => ({
        ...spec,
        env: { ...spec.env, ...member },
      });
      const text = livesUntilTold('process.exit(75)');
      const other = supervise();
      await other.supervisor.start(asMember(program('shop', text)));
      await running.supervisor.start(asMember(program('shop', text)));

      running.supervisor.kill('shop', 'SIGTERM');
      await until(() => running.lines.length === 1);
      expect(running.lines[0]).toContain(`process ${pidOf(other, 'shop')} is the same member`);
      expect(running.supervisor.processes()).toEqual([]);

      await other.supervisor.stop([]);
      await running.supervisor.ready('shop');
      expect(running.supervisor.processes()).toMatchObject([{ restarts: 1 }]);
    },
  );

  it('that dies at its first start is a failure that says how', async () => {
    const { supervisor } = supervise();
    const dies = program('shop', `console.log('no database'); process.exit(3);`);

    await expect(supervisor.start(dies)).rejects.toThrow('shop ended with exit code 3');
    expect(supervisor.processes()).toEqual([]);
  });

  it('that is never ready is ended and a failure', async () => {
    const running = supervise();
    const deaf = program('shop', 'setInterval(() => {}, 1000)', { readyWithinMs: 300 });

    await expect(running.supervisor.start(deaf)).rejects.toThrow('not ready within 0.3 s');
  });
});

describe('stopping', () => {
  it('ends each process in its row, then the rest, and leaves none', async () => {
    const running = supervise();
    const { supervisor } = running;
    const tells = (name: string): string =>
      livesUntilTold(`
        const file = process.env.CHECKOUT_RUN_DIR + '/ended';
        require('node:fs').appendFileSync(file, '${name} ');
        process.exit(0);`);
    for (const name of ['broker', 'shop', 'other']) {
      await supervisor.start(program(name, tells(name)));
    }
    const pids = supervisor.processes().map(({ pid }) => pid);

    await supervisor.stop([['shop'], ['broker']]);

    expect(readFileSync(running.folder.file('ended'), 'utf8')).toBe('shop broker other ');
    expect(pids.filter(lives)).toEqual([]);
    expect(JSON.parse(readFileSync(running.folder.file('processes.json'), 'utf8'))).toEqual([]);
  });

  it('kills what does not end by itself, and what that has started', async () => {
    const running = supervise();
    const stubborn = `
      process.on('SIGTERM', () => {});
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log('ready', child.pid);
      setInterval(() => {}, 1000);`;
    await running.supervisor.start(program('shop', stubborn, { stopWithinMs: 200 }));
    const log = readFileSync(running.folder.log('shop'), 'utf8');
    const child = Number(/ready (\d+)/.exec(log)?.[1]);
    expect(lives(child)).toBe(true);

    await running.supervisor.stop([]);

    await until(() => !lives(child));
  });

  it('starts nothing any more', async () => {
    const { supervisor } = supervise();
    await supervisor.stop([]);

    await expect(supervisor.start(program('shop', LIVES))).rejects.toThrow(/being ended/);
  });
});
