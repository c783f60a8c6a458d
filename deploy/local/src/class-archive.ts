/**
 * Archives of preloaded Java classes: made once, in the background, used at every later start.
 *
 * Measured on 2 cores: the broker is ready after 1.3 s of processor time instead of 2.0, Connect
 * after 1.25 instead of 2.05, which is 1.3 s of every start from the second on. Making both takes
 * about 10 s of processor time at the lowest priority, after the first start is ready. An archive
 * that does not fit (another JDK, other jars) is ignored by the JVM.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.ts';
import { pick } from './environment.ts';
import { classPath, javaCommand, SMALL_JVM } from './java.ts';
import { jars, jarsVersion } from './jars.ts';
import { takeLock } from './lock.ts';
import type { Surroundings } from './part.ts';
import type { RunFolder } from './run-folder.ts';

const programs = ['broker', 'connect', 'streams'] as const;
type Program = (typeof programs)[number];

/** The process that the program is here, if it is. */
function processOf(program: Program, { enrichment }: Surroundings): string | undefined {
  if (program !== 'streams') return program;
  return enrichment === 'streams' ? 'enrichment' : undefined;
}

/**
 * With an archive: use it. Without: note which classes are loaded, which is what an archive is made
 * from.
 */
export function archiveFlags(folder: RunFolder, program: Program): string[] {
  const file = archiveFile(program);
  if (existsSync(file)) return [`-XX:SharedArchiveFile=${file}`];
  return [`-XX:DumpLoadedClassList=${classList(folder, program)}`];
}

/**
 * Call it when the start is over. A failure costs the next start a second and is no fault of this
 * one.
 */
export async function makeMissingArchives(around: Surroundings): Promise<void> {
  for (const program of programs) {
    const name = processOf(program, around);
    if (!name || !around.supervisor.has(name) || existsSync(archiveFile(program))) continue;
    await makeArchive(program, around).catch(() => undefined);
  }
}

async function makeArchive(program: Program, { folder, signal }: Surroundings): Promise<void> {
  mkdirSync(jars.archives, { recursive: true });
  const file = archiveFile(program);
  const lock = takeLock(`${file}.lock`);
  if ('holder' in lock) return;
  const draft = `${file}.draft`;
  try {
    // The program goes on writing to its list: only what is complete now counts.
    const list = `${classList(folder, program)}.now`;
    copyFileSync(classList(folder, program), list);
    const files = [`-XX:SharedClassListFile=${list}`, `-XX:SharedArchiveFile=${draft}`];
    const log = folder.log(`${program}-archive`);
    const args = [...SMALL_JVM, '-Xshare:dump', ...files, '-cp', classPath(jars[program])];
    await run(javaCommand(), args, { log, signal, background: true });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
    lock.release();
  }
}

/** Named for what it depends on: the jars and the JDK. */
function archiveFile(program: Program): string {
  const java = realpathSync(pathOf(javaCommand()));
  const { size, mtimeMs } = statSync(java);
  const version = [jarsVersion(), classPath(jars[program]), java, size, mtimeMs, ...SMALL_JVM].join(
    '\n',
  );
  const hash = createHash('sha256').update(version).digest('hex').slice(0, 12);
  return join(jars.archives, `${program}-${hash}.jsa`);
}

function pathOf(command: string): string {
  if (command !== 'java') return command;
  const folders = (pick(['PATH'])['PATH'] ?? '').split(delimiter);
  const file = process.platform === 'win32' ? 'java.exe' : 'java';
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path)) ?? command;
}

function classList(folder: RunFolder, program: Program): string {
  return folder.file('config', `${program}.classes`);
}
