/**
 * Servers that exist already, and are not what the system needs: said in three seconds, by the
 * start and the doctor alike, with the variable, the address, what was tried and what to do.
 */
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createListener, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proveServer } from '../servers.mjs';
import { faultsOf } from '../servers/postgres.mjs';
import { prepareDatabases, withClient } from './databases.ts';
import { loadSecrets } from './secrets.ts';
import { startSystem } from './system.ts';
import { command, takenPort, type Outcome } from './testing/door.ts';
import { temporaryFolder } from './testing/folders.ts';
import { postgresWithoutLogicalLog } from './testing/plain-postgres.ts';

const PG = ['pg'];
const PASSWORD = 'Fj39sKq';

/** A port at which nobody answers. */
async function closedPort(): Promise<number> {
  const server = createListener().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const allAt = (port: number): Record<string, string> => ({
  DATABASE_URL: `postgres://chief:${PASSWORD}@127.0.0.1:${port}/postgres`,
  KAFKA_BROKERS: `127.0.0.1:${port}`,
  CONNECT_URL: `http://127.0.0.1:${port}`,
});

/** Both say the same; the start within three seconds. */
async function told(env: Record<string, string>): Promise<string> {
  const both = [['start'], ['doctor']].map((args) => command(args, env, PG));
  const [start, doctor] = (await Promise.all(both)) as [Outcome, Outcome];
  expect(start.seconds).toBeLessThan(3);
  expect([start.code, doctor.code]).toEqual([1, 1]);
  for (const [name, found, mend] of faultsIn(start)) {
    expect(doctor.said).toMatch(new RegExp(`^missing +${name} +`, 'm'));
    expect(doctor.said).toContain(found);
    expect(doctor.said).toContain(`->  ${mend}`);
  }
  return start.said;
}

function faultsIn({ said }: Outcome): string[][] {
  const lines = said.trim().split('\n');
  const faults = lines.map((line) => /^(\w+): (.*)\. {2}-> {2}(.*)$/.exec(line)?.slice(1) ?? []);
  expect(faults.flat()).toHaveLength(3 * lines.length);
  return faults;
}

describe('a server that exists already', () => {
  it('and is not there, or says nothing', async () => {
    const dead = await closedPort();
    const refused = await told(allAt(dead));
    const silent = await takenPort();
    const waited = await told(allAt(silent));
    for (const [variable, address] of Object.entries(allAt(dead))) {
      const place = address.replace(/^postgres.*@|\/postgres$/g, '');
      expect(refused).toMatch(new RegExp(`^${variable}: ${place}/? refuses .* \\(tried`, 'm'));
      expect(refused).toContain(`env -u ${variable} npm start`);
    }
    expect(
      waited.match(new RegExp(`127.0.0.1:${silent}/? does not answer in time`, 'g')),
    ).toHaveLength(3);
    expect(refused + waited).not.toContain(PASSWORD);
  });

  it('and has an address that is none: the shape is said, and what was set is not', async () => {
    const said = await told({
      DATABASE_URL: `chief:${PASSWORD}@127.0.0.1/postgres`,
      KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.1:9093',
      CONNECT_URL: `http://chief:${PASSWORD}@127.0.0.1:8083`,
    });
    expect(said).toContain('DATABASE_URL: is not of the shape postgres://user:password@host:5432/');
    expect(said).toContain('KAFKA_BROKERS: is not of the shape host:port[,host:port].');
    expect(said).toContain('CONNECT_URL: is not of the shape http://host:port.');
    expect(said).not.toContain(PASSWORD);
  });

  it('and is something else', async () => {
    const server = createServer((_, answer) => answer.end('{}')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const said = await told({ KAFKA_BROKERS: address, CONNECT_URL: `http://${address}` });
    expect(said).toContain(`KAFKA_BROKERS: ${address} takes the connection and does not answer as`);
    expect(said).toContain(`CONNECT_URL: http://${address} answers, and not as Kafka Connect does`);
  });

  it('and sends its clients on to where nobody is', async () => {
    const away = await closedPort();
    const broker = createListener((socket) => {
      socket.once('data', () => socket.end(answerOfBroker('127.0.0.1', away)));
    }).listen(0, '127.0.0.1');
    await once(broker, 'listening');
    onTestFinished(() => void broker.close());
    const address = `127.0.0.1:${(broker.address() as AddressInfo).port}`;
    const said = await told({ KAFKA_BROKERS: address });
    expect(said).toContain(`${address} sends its clients on to 127.0.0.1:${away}, which refuses`);
    expect(said).toContain('advertised.listeners');
  });

  it('and is a PostgreSQL that does not let in, or lets do too little', async () => {
    const { port, password, restart } = await postgresWithoutLogicalLog('visitor');
    const addressFor = (user: string, secret: string): Record<string, string> => ({
      DATABASE_URL: `postgres://${user}:${secret}@127.0.0.1:${port}/postgres`,
    });
    const kept = await told(addressFor('postgres', PASSWORD));
    expect(kept).toContain(`127.0.0.1:${port} says: password authentication failed for user`);
    expect(kept).not.toContain(PASSWORD);

    const visitor = await told(addressFor('visitor', password));
    expect(visitor).toContain('gives visitor no right to CREATEDB, CREATEROLE, REPLICATION, pg_re');

    const chief = await told(addressFor('postgres', password));
    expect(chief).toContain('has wal_level=replica, from which no change can be captured (tried');
    expect(chief).toContain('ALTER SYSTEM SET wal_level = logical');
    expect(chief).not.toContain('no right');

    // What they are told to do is enough, also for a role that is no superuser.
    const admin = addressFor('postgres', password)['DATABASE_URL'] ?? '';
    await withClient(admin, async (client) => {
      await client.query('ALTER SYSTEM SET wal_level = logical');
      await client.query('ALTER ROLE visitor CREATEDB CREATEROLE REPLICATION');
      await client.query('GRANT pg_read_all_data TO visitor WITH ADMIN OPTION');
      await client.query(`ALTER ROLE visitor SET createrole_self_grant = 'set, inherit'`);
    });
    await restart();
    const able = addressFor('visitor', password)['DATABASE_URL'] ?? '';
    await proveServer('DATABASE_URL', able);
    await proveServer('DATABASE_URL', admin);
    const secrets = loadSecrets(join(temporaryFolder(), 'secrets.json'));
    await prepareDatabases(able, secrets);
    await prepareDatabases(able, secrets);

    // Before its client is installed no more can be asked than whether somebody is there.
    const early = await command(['doctor'], addressFor('postgres', PASSWORD));
    expect(early.said).toMatch(/^ok +DATABASE_URL +127.0.0.1:\d+ takes connections/m);
  });
});

it('a PostgreSQL that is too old is one of the faults', () => {
  const fit = {
    version: '15.13 (Debian)',
    wal: 'logical',
    role: 'chief',
    lacking: [],
    mayAll: true,
  };
  expect(faultsOf(fit)).toEqual([]);
  expect(faultsOf({ ...fit, version: '14.18' })).toMatchObject([{ found: 'is PostgreSQL 14.18' }]);
});

it('a part that uses such a server is not ready before it was asked', async () => {
  const runDir = temporaryFolder();
  const log = join(runDir, 'logs', 'broker.log');
  mkdirSync(join(runDir, 'logs'));
  writeFileSync(log, 'of a broker that ran once\n');
  const kafkaBrokers = `127.0.0.1:${await closedPort()}`;
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const servers = { kafkaBrokers };
  const starting = startSystem({ runDir, only: ['broker'], servers, report });

  const failure = await starting.catch((error: Error) => error.message);

  expect(failure).toContain(`broker failed: KAFKA_BROKERS: ${kafkaBrokers} refuses`);
  expect(failure).not.toContain('of a broker that ran once');
  expect(lines.join('\n')).not.toContain('ready');
  expect(existsSync(log)).toBe(false);
});

/** What a Kafka 4.2.2 of one broker says, where it says to be. */
function answerOfBroker(host: string, port: number): Buffer {
  const name = Buffer.from(host);
  const bytes = Buffer.alloc(4 + 4 + 4 + 4 + 2 + name.length + 4 + 2 + 4 + 4);
  let at = bytes.writeInt32BE(bytes.length - 4, 0);
  for (const number of [4_711, 1, 1]) at = bytes.writeInt32BE(number, at);
  at = bytes.writeInt16BE(name.length, at);
  at += name.copy(bytes, at);
  at = bytes.writeInt32BE(port, at);
  at = bytes.writeInt16BE(-1, at);
  bytes.writeInt32BE(1, at);
  return bytes;
}
