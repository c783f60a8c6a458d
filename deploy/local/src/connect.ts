/**
 * Kafka Connect: one distributed worker with exactly-once sources.
 *
 * Ready means that its REST interface says it is healthy, which it does once it has joined its
 * group and read its topics. That says nothing about connectors, and a connector's status says
 * nothing about records: see canary.ts.
 */
import { writeFileSync } from 'node:fs';
import { proveServer } from '../servers.mjs';
import { fill } from './broker.ts';
import { archiveFlags } from './class-archive.ts';
import { childEnvironment, repository } from './environment.ts';
import { classPath, javaCommand, loggingFlags, SMALL_JVM } from './java.ts';
import { jars } from './jars.ts';
import type { Surroundings } from './part.ts';
import type { RunFolder } from './run-folder.ts';
import type { ProcessSpec } from './supervised.ts';

/** 120 MB are in use with three connectors; the rest is room for catching up. */
const HEAP = ['-Xms96m', '-Xmx320m'];

export async function startConnect(around: Surroundings): Promise<string> {
  const { addresses, folder, ports, supervisor } = around;
  if (addresses.existing.connect) {
    await proveServer('CONNECT_URL', addresses.connectUrl);
    return describeExisting(around);
  }
  const values = {
    BROKERS: addresses.brokersForConnect,
    REST_PORT: String(ports['connect']),
    PLUGINS: jars.plugins.replaceAll('\\', '/'),
  };
  writeFileSync(config(folder), fill('connect.properties', values));
  await supervisor.start(connectProcess(around));
  return addresses.connectUrl;
}

function connectProcess(around: Surroundings): ProcessSpec {
  return {
    name: 'connect',
    command: javaCommand(),
    args: [
      ...HEAP,
      ...SMALL_JVM,
      ...archiveFlags(around.folder, 'connect'),
      ...loggingFlags(),
      ...['-cp', classPath(jars.connect)],
      ...['org.apache.kafka.connect.cli.ConnectDistributed', config(around.folder)],
    ],
    cwd: repository,
    env: childEnvironment(connectorVariables(around)),
    port: around.ports['connect'] ?? null,
    stopSignal: 'SIGTERM',
    stopWithinMs: 2_500,
    readyWithinMs: 90_000,
    isReady: async () => {
      const signal = AbortSignal.timeout(2_000);
      return (await fetch(`${around.addresses.connectUrl}/health`, { signal })).ok;
    },
  };
}

/**
 * Somebody else's worker must be told what the connectors' files name: here it is to be copied
 * from.
 */
function describeExisting(around: Surroundings): string {
  const file = around.folder.file('config', 'connect.env');
  const lines = Object.entries(connectorVariables(around)).map(
    ([name, value]) => `${name}=${value}`,
  );
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return `${around.addresses.connectUrl}, which exists already; its environment needs ${file}`;
}

/** What the connectors' files name as `${env:…}`. */
function connectorVariables({ addresses, secrets }: Surroundings): Record<string, string> {
  const { hostname, port } = new URL(addresses.databaseUrl);
  return {
    CHECKOUT_DATABASE_HOST: hostname,
    CHECKOUT_DATABASE_PORT: port === '' ? '5432' : port,
    CHECKOUT_CONNECT_PASSWORD: secrets.passwords.connect,
    CHECKOUT_LEDGER_SINK_PASSWORD: secrets.passwords.ledger_sink,
  };
}

function config(folder: RunFolder): string {
  return folder.file('config', 'connect.properties');
}
