import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLock } from './lock.ts';
import { reservePorts } from './ports.ts';
import { temporaryFolder } from './testing/folders.ts';

it('draws a port for each name, and the same ones again at the next start', async () => {
  const file = join(temporaryFolder(), 'ports.json');
  const first = await reservePorts(file, ['order', 'broker'], { console: 8080 });
  first.release();
  const second = await reservePorts(file, ['order', 'broker']);
  second.release();

  expect(new Set(Object.values(first.ports)).size).toBe(2);
  expect(second.ports).toEqual(first.ports);
});

it('never gives one port to two systems, also while nothing listens on it', async () => {
  const folder = temporaryFolder();
  const one = await reservePorts(join(folder, 'one.json'), ['order']);
  const copy = join(folder, 'two.json');
  await reservePorts(copy, [], one.ports);
  const two = await reservePorts(copy, ['order']);

  expect(two.ports['order']).not.toBe(one.ports['order']);
  one.release();
  two.release();
});

it('draws another port when somebody else listens on the one it had', async () => {
  const file = join(temporaryFolder(), 'ports.json');
  const first = await reservePorts(file, ['order']);
  first.release();
  const server = createServer().listen(first.ports['order'], '127.0.0.1');
  await once(server, 'listening');

  const second = await reservePorts(file, ['order']);
  second.release();
  server.close();

  expect(second.ports['order']).not.toBe(first.ports['order']);
});

it('a lock outlives its holder only until somebody asks', async () => {
  const file = join(temporaryFolder(), 'lock');
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { takeLock } from '${join(import.meta.dirname, 'lock.ts')}';
     takeLock('${file}'); console.log('held'); setInterval(() => {}, 1000);`,
  ]);
  await once(holder.stdout, 'data');
  expect(takeLock(file)).toMatchObject({ holder: { pid: holder.pid } });

  holder.kill('SIGKILL');
  await once(holder, 'exit');

  expect(takeLock(file)).toHaveProperty('release');
});
