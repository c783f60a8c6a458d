/** A second start of a folder that is in use: by whom, where, and how to go on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localFolder, wholeEnvironment } from './environment.ts';
import { isFree } from './ports.ts';
import { RunFolder } from './run-folder.ts';
import { temporaryFolder } from './testing/folders.ts';
import { takenPort } from './testing/door.ts';

async function secondStart(runDir: string, env: Record<string, string>): Promise<string> {
  const start = spawn(process.execPath, [join(localFolder, 'src', 'start.ts')], {
    env: wholeEnvironment({ ...env, RUN_DIR: runDir }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  start.stderr.on('data', (text) => (said += text));
  const [code] = (await once(start, 'close')) as [number];
  expect(code).toBe(1);
  return said;
}

it('says who that is, what it serves, how to end it, and how to run beside it', async () => {
  const runDir = temporaryFolder();
  const folder = new RunFolder(runDir);
  const [port, gateway] = [await takenPort(), await takenPort()];
  // The three that are chosen lie side by side: what is free beside one is meant for another.
  const env = { PORT: String(port), GATEWAY_PORT: String(gateway), KAFKA_PORT: String(port + 1) };

  const starting = await secondStart(runDir, env);
  const pid = `process ${process.pid}`;
  expect(starting).toContain(`${runDir} is in use by a runner that is alive: ${pid}`);
  expect(starting).not.toContain('http');

  const console = { name: 'console', pid: 1, port: 18_080, restarts: 0, started: '1' };
  writeFileSync(join(runDir, 'processes.json'), JSON.stringify([console]));
  const said = await secondStart(runDir, env);
  folder.release();
  expect(said).toContain(`${pid} holds it and serves http://localhost:18080.`);
  expect(said).toContain(`kill ${process.pid}`);
  const beside = /RUN_DIR=(\S+) PORT=(\d+) GATEWAY_PORT=(\d+) KAFKA_PORT=(\d+) npm start/.exec(
    said,
  );
  const [other, ...ports] = beside?.slice(1) ?? [];
  expect(other).toBe(`${runDir}2`);
  expect(new Set(ports).size).toBe(3);
  expect(ports).not.toContain(String(port + 1));
  expect(await Promise.all(ports.map(Number).map(isFree))).toEqual([true, true, true]);
});
