/**
 * Kafka Streams in the place of `apps/enrichment`: fetched and compiled when a system is told to
 * run on it, and by no other start.
 *
 * Compiled once for all runners of a clone, into one jar, anew when a source or the jars change.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { archiveFlags } from './class-archive.ts';
import { run } from './command.ts';
import { repository } from './environment.ts';
import { jars, streamsJars } from './jars.ts';
import {
  classPath,
  javaCommand,
  javacArguments,
  jdkCommand,
  loggingFlags,
  SMALL_JVM,
} from './java.ts';
import { withLock } from './lock.ts';
import type { Surroundings } from './part.ts';

/** Its files of code, classes and logs; the process is `enrichment`, whoever it is. */
export const STREAMS_PART = 'enrichment-streams';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** 30 MB are in use at 10 orders a second, and 110 beside it; the rest is room for catching up. */
const HEAP = ['-Xms48m', '-Xmx192m'];

const application = join(repository, 'apps', STREAMS_PART);
/** What it reads of the contract, as a resource of its class path. */
const contract = join(application, 'contract');
const output = join(jars.streams, '..', STREAMS_PART);
const program = join(output, `${STREAMS_PART}.jar`);

export async function buildStreams({ folder, signal }: Surroundings): Promise<void> {
  const log = folder.log(STREAMS_PART);
  await streamsJars({ log, signal });
  const all = globSync(join(application, 'src', '**', '*.java')).sort();
  const files = all.filter((file) => !file.includes(`${sep}testing${sep}`));
  const resources = globSync(join(contract, '*'));
  const wanted = hashOf([...files, ...resources, join(jars.streams, 'stamp')]);
  const stamp = join(output, 'stamp');
  await withLock(`${output}.lock`, async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
    rmSync(output, { recursive: true, force: true });
    const classes = join(output, 'classes');
    mkdirSync(classes, { recursive: true });
    const compiling = javacArguments({ files, classPath: classPath(jars.streams), classes });
    await run(jdkCommand('javac'), compiling, { log, signal });
    const packing = ['--create', '--file', program, '-C', classes, '.', '-C', contract, '.'];
    await run(jdkCommand('jar'), packing, { log, signal });
    writeFileSync(stamp, wanted);
  });
}

export function streamsProgram({ folder }: Surroundings): Program {
  // With the broker's files and not in a folder of the system's: it lives as long as they do.
  const state = folder.file('data', STREAMS_PART);
  mkdirSync(state, { recursive: true });
  return {
    command: javaCommand(),
    args: [
      ...HEAP,
      ...SMALL_JVM,
      ...archiveFlags(folder, 'streams'),
      ...loggingFlags(),
      ...['-cp', [classPath(jars.streams), program].join(delimiter), 'EnrichmentStreams'],
    ],
    // Else RocksDB unpacks its library into the folder for temporary files at each start.
    env: { STATE_DIR: state, ROCKSDB_SHAREDLIB_DIR: state },
  };
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}
