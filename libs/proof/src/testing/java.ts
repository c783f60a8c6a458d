import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const repository = join(import.meta.dirname, '../../../..');
const source = join(import.meta.dirname, 'JavaWitness.java');
const END = 'end of answer';

/** Kafka's own client and classes, from the jars that the broker itself runs on. */
export class JavaWitness {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string, undefined>;

  /** Compiled once, into a folder of the caller's. */
  constructor(folder: string, brokers: readonly string[]) {
    const jars = globSync(join(repository, 'deploy/local/jars/target/broker/*.jar'));
    const classes = join(folder, 'classes');
    execFileSync('javac', ['-nowarn', '-cp', jars.join(delimiter), '-d', classes, source]);
    const classPath = [classes, ...jars].join(delimiter);
    const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classPath];
    const child = spawn('java', [...flags, 'JavaWitness', brokers.join(','), END], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** What it answers, line by line; one question at a time. */
  async ask(...words: readonly (string | number)[]): Promise<string[]> {
    this.#process.stdin?.write(`${words.join(' ')}\n`);
    const answer: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the Java program ended over: ${words.join(' ')}`);
      if (value === END) return answer;
      answer.push(value);
    }
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
  }
}
