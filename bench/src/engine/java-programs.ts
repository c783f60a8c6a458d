import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { classPath, javacArguments, jdkCommand, streamsJars } from '@checkout/local';

/** The Java programs beside this file, compiled against Kafka Streams and Kafka's own client. */
export class JavaPrograms {
  private constructor(private readonly classPath: string) {}

  /** Into a folder of the caller's. Fetches Kafka Streams when it is not here yet. */
  static async compiled(folder: string, signal: AbortSignal): Promise<JavaPrograms> {
    const jars = await streamsJars({ log: join(folder, 'maven.log'), signal });
    const path = classPath(jars);
    const classes = join(folder, 'classes');
    const files = globSync(join(import.meta.dirname, '../../src/engine/*.java'));
    const compiling = javacArguments({ files, classPath: path, classes });
    execFileSync(jdkCommand('javac'), compiling, { stdio: ['ignore', 'ignore', 'inherit'] });
    return new JavaPrograms([classes, path].join(delimiter));
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
