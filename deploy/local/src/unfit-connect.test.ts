/** A real Connect that could never carry the outboxes: said before anything waits for it. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { proveServer } from '../servers.mjs';
import { childEnvironment, localFolder } from './environment.ts';
import { classPath, javaCommand, loggingFlags, SMALL_JVM } from './java.ts';
import { jars } from './jars.ts';
import { reservePorts } from './ports.ts';
import { RunFolder } from './run-folder.ts';
import { Supervisor } from './supervisor.ts';
import { startSystem } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';

const MINUTE = 60_000;

/** Without the sink's plugin, and with Connect's default for exactly-once sources. */
async function connectAsItComes(brokers: string): Promise<string> {
  const folder = new RunFolder(temporaryFolder());
  const { ports, release } = await reservePorts(folder.file('ports.json'), ['connect']);
  const port = ports['connect'] ?? 0;
  const url = `http://127.0.0.1:${port}`;
  const ours = readFileSync(join(localFolder, 'config', 'connect.properties'), 'utf8');
  mkdirSync(folder.file('plugins'));
  symlinkSync(join(jars.plugins, 'postgres'), folder.file('plugins', 'postgres'));
  const config = folder.file('connect.properties');
  const text = ours
    .replace('@BROKERS@', brokers)
    .replaceAll('@REST_PORT@', String(port))
    .replace('@PLUGINS@', folder.file('plugins'))
    .replace('exactly.once.source.support=enabled', '');
  expect(text).not.toBe(ours);
  writeFileSync(config, text);
  const supervisor = new Supervisor(folder, () => undefined);
  onTestFinished(async () => {
    await supervisor.stop([]);
    release();
  });
  const program = ['org.apache.kafka.connect.cli.ConnectDistributed', config];
  await supervisor.start({
    name: 'connect',
    command: javaCommand(),
    args: [...SMALL_JVM, ...loggingFlags(), '-cp', classPath(jars.connect), ...program],
    cwd: folder.path,
    env: childEnvironment(),
    port,
    stopSignal: 'SIGTERM',
    stopWithinMs: 2_500,
    readyWithinMs: MINUTE,
    isReady: async () => (await fetch(`${url}/health`)).ok,
  });
  return url;
}

it(
  'a Connect without a plugin, and without exactly-once sources, is refused for both',
  async () => {
    const system = await startSystem({ runDir: temporaryFolder(), only: ['broker'] });
    onTestFinished(() => system.stop());
    const [brokers = ''] = system.brokers;
    await proveServer('KAFKA_BROKERS', brokers);
    const url = await connectAsItComes(brokers);

    const refusal = await proveServer('CONNECT_URL', url).catch((error: Error) => error.message);

    expect(refusal).toContain(`CONNECT_URL: Connect at ${url} lacks io.debezium.connector.jdbc.`);
    expect(refusal).toContain(
      'and does not run sources exactly once (tried PUT /connector-plugins',
    );
    expect(refusal).toContain('->  put what deploy/local/jars/plugins names on its plugin.path');
    expect(refusal).toContain('exactly.once.source.support=enabled for its workers');
    expect(refusal).not.toContain('PostgresConnector (tried GET');
  },
  2 * MINUTE,
);
