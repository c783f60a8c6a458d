import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const source = join(import.meta.dirname, '../src/SmallTransactions.java');
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** The Java program beside this file, with the client of the Kafka whose jars those are. */
export class SmallTransactions {
  readonly #classPath: string;
  readonly #broker: string;

  /** Compiled once, into a folder of the caller's. */
  constructor(options: {
    readonly jars: string;
    readonly folder: string;
    readonly broker: string;
  }) {
    const jars = globSync(join(options.jars, '*.jar'));
    const classes = join(options.folder, 'classes');
    execFileSync('javac', ['-nowarn', '-cp', jars.join(delimiter), '-d', classes, source]);
    this.#classPath = [classes, ...jars].join(delimiter);
    this.#broker = options.broker;
  }

  /** Until `enough` commits were answered; the load goes on until it is ended. */
  async load(topic: string, enough: number): Promise<Load> {
    const child = spawn('java', this.#command('load', topic), {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    let commits = 0;
    const end = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        commits = Number(line);
        if (commits >= enough) resolve();
      });
      void ended.then(() => reject(new Error(`the load ended after ${commits} commits`)));
    });
    return { commits: () => commits, end };
  }

  /** One Kafka transaction whose producer is gone. */
  async begin(topic: string): Promise<void> {
    await promisify(execFile)('java', this.#command('begin', topic));
  }

  /** Whom partitions of the topic wait for, a line each. */
  async open(topic: string): Promise<string[]> {
    const { stdout } = await promisify(execFile)('java', this.#command('open', topic));
    return stdout.split('\n').filter((line) => line !== '');
  }

  #command(...what: readonly [command: string, topic: string]): string[] {
    const [command, topic] = what;
    const program = ['SmallTransactions', command, this.#broker, topic];
    return [...JVM, '-cp', this.#classPath, ...program];
  }
}

export interface Load {
  /** How many were answered so far. */
  commits(): number;
  end(): Promise<void>;
}
