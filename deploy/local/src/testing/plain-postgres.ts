/** A real PostgreSQL as it comes, whose log is not one for change data capture. */
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { onTestFinished } from 'vitest';
import { run } from '../command.ts';
import { withClient } from '../databases.ts';
import { childEnvironment } from '../environment.ts';
import { reservePorts } from '../ports.ts';
import { makeDataFolder, postgresPlace } from '../postgres-place.ts';
import { RunFolder } from '../run-folder.ts';
import { Supervisor } from '../supervisor.ts';
import { temporaryFolder } from './folders.ts';

/** With a role that may do nothing, and one password for it and the administrator. */
export async function postgresWithoutLogicalLog(
  visitor: string,
): Promise<{ port: number; password: string; restart(): Promise<void> }> {
  const folder = new RunFolder(temporaryFolder());
  const { ports, release } = await reservePorts(folder.file('ports.json'), ['postgres']);
  const port = ports['postgres'] ?? 0;
  const password = 'right';
  const place = postgresPlace(folder);
  const user = place.user && { user: place.user };
  makeDataFolder(place);
  const file = join(place.data, '..', 'password');
  writeFileSync(file, password);
  if (place.user) chownSync(file, place.user.uid, place.user.gid);
  const flags = ['-U', 'postgres', `--pwfile=${file}`, '--auth=scram-sha-256', '--no-sync'];
  const log = folder.log('initdb');
  await run(join(place.bin, 'initdb'), ['-D', place.data, ...flags], { log, ...user });
  const supervisor = new Supervisor(folder, () => undefined);
  onTestFinished(async () => {
    await supervisor.stop([]);
    release();
  });
  await supervisor.start({
    name: 'postgres',
    command: join(place.bin, 'postgres'),
    args: ['-D', place.data, '-p', String(port), '-k', '', '-h', '127.0.0.1', '-F'],
    cwd: folder.path,
    env: childEnvironment(),
    port,
    ...user,
    stopSignal: 'SIGINT',
    stopWithinMs: 2_500,
    readyWithinMs: 60_000,
    isReady: (tail) => tail.contains('ready to accept connections'),
    notYet: /lock file .* already exists/,
  });
  const admin = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  await withClient(admin, (client) =>
    client.query(`CREATE ROLE ${escapeIdentifier(visitor)} LOGIN
                  PASSWORD ${escapeLiteral(password)}`),
  );
  const restart = async (): Promise<void> => {
    supervisor.kill('postgres', 'SIGINT');
    await supervisor.ready('postgres');
  };
  return { port, password, restart };
}
