import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real broker of its own, with data that outlives a kill. */
export interface TestBroker {
  readonly brokers: readonly string[];
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const LIB = process.env['KAFKA_LIB'] ?? join(tmpdir(), 'eos', 'broker', 'lib');
const JVM = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export async function startBroker(): Promise<TestBroker> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'eos-broker-'));
  const config = join(folder, 'broker.properties');
  const logging = join(folder, 'log4j2.properties');
  writeFileSync(config, properties(port, controllerPort, join(folder, 'data')));
  writeFileSync(logging, LOGGING);
  const jvm = [...JVM, `-Dlog4j2.configurationFile=${logging}`, '-cp', join(LIB, '*')];
  const java = (...args: string[]): string[] => [...jvm, ...args];
  spawnSync('java', java('kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', config));

  let broker = await launched(java('kafka.Kafka', config));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(broker, 'exit');
    broker.kill(signal);
    await ended;
  };
  return {
    brokers: [`127.0.0.1:${port}`],
    kill: () => end('SIGKILL'),
    restart: async () => void (broker = await launched(java('kafka.Kafka', config))),
    stop: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CLUSTER = 'MkU3OEVBNTcwNTJENDM2Qk';

const LOGGING = `
rootLogger.level=info
rootLogger.appenderRef.stdout.ref=STDOUT
appender.console.type=Console
appender.console.name=STDOUT
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m%n
`;

async function launched(args: string[]): Promise<ChildProcess> {
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    const look = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
      if (output.includes('Kafka Server started')) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', (code) => reject(new Error(`the broker ended with ${code}:\n${output}`)));
    child.once('error', reject);
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function properties(port: number, controllerPort: number, data: string): string {
  return `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=10
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=10
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
transaction.abort.timed.out.transaction.cleanup.interval.ms=500
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=2097152
`;
}
