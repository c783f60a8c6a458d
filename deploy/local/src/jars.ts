/**
 * The jars of broker, Connect and connectors, resolved once by Maven from the poms in
 * deploy/local/jars, with one class of our own beside Debezium's. A stamp over poms and sources
 * says that what lies there is what they name; the folder is thrown away when they change.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { localFolder, pick } from './environment.ts';
import { SMALL_JVM } from './java.ts';
import { withLock } from './lock.ts';
import type { Surroundings } from './part.ts';

const sources = join(localFolder, 'jars');
/** No module of the others: no start needs it, and no start fetches anew when it changes. */
const onRequest = join(localFolder, 'jars-on-request', 'streams');
const target = join(sources, 'target');
const stamp = join(target, 'stamp');

export const jars = {
  broker: join(target, 'broker'),
  connect: join(target, 'connect'),
  plugins: join(target, 'plugins'),
  streams: join(target, 'streams'),
  archives: join(target, 'archives'),
} as const;

/** Two runners may need them at once: one resolves, the other waits and finds them. */
export async function resolveJars({ folder, signal }: Surroundings): Promise<void> {
  const log = folder.log('jars');
  const wanted = jarsVersion();
  await withLock(join(sources, 'target.lock'), async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
    rmSync(target, { recursive: true, force: true });
    await maven(['-T2', '-f', sources, 'package'], { log, signal });
    writeFileSync(stamp, wanted);
  });
}

/** A broker of another version, for trying it: its jars, beside the pinned ones. */
export async function brokerJarsOf(version: string, log: string): Promise<string> {
  const name = `broker-${version}`;
  const folder = join(target, name);
  const whole = join(folder, 'stamp');
  await withLock(join(sources, 'target.lock'), async () => {
    if (existsSync(whole)) return;
    const properties = [`-Dkafka.version=${version}`, `-Djars.folder=../target/${name}`];
    await maven(['-f', join(sources, 'broker'), ...properties, 'package'], { log });
    writeFileSync(whole, version);
  });
  return folder;
}

/**
 * Kafka Streams, for whoever compares with it: fetched when it is first asked for, so that the
 * first start of a person who does not is no longer. Thrown away with all others.
 */
export async function streamsJars({ log, signal }: Parameters<typeof maven>[1]): Promise<string> {
  const folder = jars.streams;
  const whole = join(folder, 'stamp');
  const wanted = readFileSync(join(onRequest, 'pom.xml'), 'utf8');
  await withLock(join(sources, 'target.lock'), async () => {
    if (existsSync(whole) && readFileSync(whole, 'utf8') === wanted) return;
    rmSync(folder, { recursive: true, force: true });
    await maven(['-f', onRequest, 'package'], { log, ...(signal && { signal }) });
    writeFileSync(whole, wanted);
  });
  return folder;
}

function maven(
  args: readonly string[],
  { log, signal }: { readonly log: string; readonly signal?: AbortSignal },
): Promise<void> {
  const program = process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
  const env = { MAVEN_OPTS: [...SMALL_JVM, pick(['MAVEN_OPTS'])['MAVEN_OPTS'] ?? ''].join(' ') };
  return run(program, ['-B', '-ntp', '-q', ...args], { log, env, ...(signal && { signal }) });
}

export function jarsVersion(): string {
  const hash = createHash('sha256');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(target))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.endsWith('.lock'));
  for (const path of files.sort()) hash.update(readFileSync(path));
  return hash.digest('hex');
}
