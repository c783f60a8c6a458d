/**
 * How every Java process here is started: small, quick to start, from jars that the runner
 * resolved.
 */
import { readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { localFolder, pick } from './environment.ts';

export function javaCommand(): string {
  const home = pick(['JAVA_HOME'])['JAVA_HOME'];
  return home === undefined ? 'java' : join(home, 'bin', 'java');
}

/** A program of the JDK beside `java`. */
export function jdkCommand(name: 'javac' | 'jar'): string {
  const java = javaCommand();
  return java === 'java' ? name : join(dirname(java), name);
}

/** What is compiled, against which jars, and into which folder. */
export interface JavaSources {
  readonly files: readonly string[];
  readonly classPath: string;
  readonly classes: string;
  /** A warning is an error. */
  readonly strict?: true;
}

/** Whatever the locale is: a minimal one knows no other letters than ASCII. */
export function javacArguments({ files, classPath: jars, classes, strict }: JavaSources): string[] {
  const warnings = strict ? ['-Xlint:all', '-Werror'] : ['-nowarn'];
  const options = ['-encoding', 'UTF-8', '--release', '17', '-cp', jars, '-d', classes];
  return [...warnings, ...options, ...files];
}

/**
 * Serial collector and first compiler only: half the start-up time and two thirds of the memory of
 * the defaults.
 */
export const SMALL_JVM = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  // Counters that nobody reads, sampled 20 times a second.
  '-XX:-UsePerfData',
];

export function loggingFlags(): string[] {
  return [`-Dlog4j2.configurationFile=${join(localFolder, 'config', 'log4j2.properties')}`];
}

/** Sorted, so that a class archive made from one listing fits the next. */
export function classPath(folder: string): string {
  const jars = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  return jars
    .sort()
    .map((jar) => join(folder, jar))
    .join(delimiter);
}
