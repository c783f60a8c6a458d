import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Kafka's own client and classes, from the jars that the broker itself runs on. */
const repository = join(import.meta.dirname, '../../../..');
const source = join(import.meta.dirname, 'JavaWitness.java');

export type Java = (...args: string[]) => string[];

/** Compiled once, into a folder of the caller's. */
export function javaWitness(folder: string, brokers: readonly string[]): Java {
  const jars = globSync(join(repository, 'deploy/local/jars/target/broker/*.jar'));
  const classes = join(folder, 'classes');
  execFileSync('javac', ['-nowarn', '-cp', jars.join(delimiter), '-d', classes, source]);
  const classPath = [classes, ...jars].join(delimiter);
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classPath, 'JavaWitness'];
  return (command = '', ...rest) => {
    const all = [...flags, command, brokers.join(','), ...rest];
    const said = execFileSync('java', all, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim().split('\n');
  };
}
