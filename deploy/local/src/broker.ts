/**
 * Apache Kafka: one process that is broker and controller, on a plain JVM.
 *
 * Ready means that it has said so: the line comes after the broker is unfenced and its listeners
 * are open. After a kill -9 that takes about 3.5 s, because its own former registration has to
 * expire first (config/broker.properties).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proveServer } from '../servers.mjs';
import { archiveFlags } from './class-archive.ts';
import { run } from './command.ts';
import { childEnvironment, localFolder, repository } from './environment.ts';
import { classPath, javaCommand, loggingFlags, SMALL_JVM } from './java.ts';
import { jars } from './jars.ts';
import type { Surroundings } from './part.ts';
import type { RunFolder } from './run-folder.ts';
import type { ProcessSpec } from './supervised.ts';

/**
 * 22 random letters and digits would do: one broker on loopback needs no name that tells it from
 * another.
 */
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
/** 130 MB are in use at 10 orders a second; the rest is room for catching up. */
const HEAP = ['-Xms96m', '-Xmx320m'];

export async function startBroker(around: Surroundings): Promise<string> {
  const { addresses, supervisor } = around;
  if (addresses.existing.kafka) {
    await proveServer('KAFKA_BROKERS', addresses.brokers);
    return `${addresses.brokers}, which exists already`;
  }
  await prepare(around);
  await supervisor.start(brokerProcess(around));
  return addresses.brokers;
}

async function prepare({ folder, ports, brokerJars, signal }: Surroundings): Promise<void> {
  const data = folder.file('data', 'broker');
  const values = {
    DATA: data.replaceAll('\\', '/'),
    SERVICES_PORT: String(ports['broker']),
    CONNECT_PORT: String(ports['broker-for-connect']),
    CONTROLLER_PORT: String(ports['broker-controller']),
  };
  writeFileSync(config(folder), fill('broker.properties', values));
  if (existsSync(join(data, 'meta.properties'))) return;
  mkdirSync(data, { recursive: true });
  const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config(folder)];
  const java = [...SMALL_JVM, ...loggingFlags(), '-cp', classPath(brokerJars)];
  await run(javaCommand(), [...java, ...format], { log: folder.log('broker-format'), signal });
}

/**
 * Under the names of Kafka's own scripts, for who measures what a broker does: the small JVM is one
 * that starts quickly, and later takes half as much again for the same work.
 */
function jvmFlags({ env, folder, brokerJars }: Surroundings): string[] {
  const { KAFKA_HEAP_OPTS: heap, KAFKA_JVM_PERFORMANCE_OPTS: performance } = env;
  const archive = brokerJars === jars.broker ? archiveFlags(folder, 'broker') : [];
  return [
    ...(heap?.split(' ') ?? HEAP),
    ...(performance?.split(' ') ?? [...SMALL_JVM, ...archive]),
  ];
}

function brokerProcess(around: Surroundings): ProcessSpec {
  const { folder, ports, brokerJars } = around;
  return {
    name: 'broker',
    command: javaCommand(),
    args: [
      ...jvmFlags(around),
      ...loggingFlags(),
      ...['-cp', classPath(brokerJars), 'kafka.Kafka', config(folder)],
    ],
    cwd: repository,
    env: childEnvironment(),
    port: ports['broker'] ?? null,
    stopSignal: 'SIGTERM',
    stopWithinMs: 2_500,
    readyWithinMs: 60_000,
    isReady: (log) => log.contains('Kafka Server started'),
  };
}

/** A template of deploy/local/config with its @NAME@ filled in. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(join(localFolder, 'config', template), 'utf8');
  return text.replaceAll(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template} names @${name}@, which nobody fills in`);
    return value;
  });
}

function config(folder: RunFolder): string {
  return folder.file('config', 'broker.properties');
}
