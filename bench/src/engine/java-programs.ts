import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { streamsJars } from '@checkout/local';

/** The Java programs beside this file, compiled against Kafka Streams and Kafka's own client. */
export class JavaPrograms {
  private constructor(private readonly classPath: string) {}

  /** Into a folder of the caller's. Fetches Kafka Streams when it is not here yet. */
  static async compiled(folder: string, signal: AbortSignal): Promise<JavaPrograms> {
    const jars = await streamsJars({ log: join(folder, 'maven.log'), signal });
    const path = globSync(join(jars, '*.jar')).sort();
    const classes = join(folder, 'classes');
    const sources = globSync(join(import.meta.dirname, '../../src/engine/*.java'));
    // Whatever the locale is: a minimal one knows no other letters than ASCII.
    const options = ['-nowarn', '-encoding', 'UTF-8', '-cp', path.join(delimiter), '-d', classes];
    execFileSync('javac', [...options, ...sources], { stdio: ['ignore', 'ignore', 'inherit'] });
    return new JavaPrograms([classes, ...path].join(delimiter));
  }

  /** With the JVM's own choice of collector and compilers, as somebody would run it. */
  command(program: string, args: readonly string[]): readonly [string, ...string[]] {
    return ['java', HEAP, QUIET, '-cp', this.classPath, program, ...args];
  }
}

/** A small container's; the JVM would take a quarter of the machine. */
const HEAP = '-Xmx768m';
/** log4j's own default: errors, to the console. */
const QUIET = '-Dlog4j2.level=ERROR';
