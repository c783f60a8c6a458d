/**
 * Kafka's own client and classes as a witness, for tests: what anybody else reads of a topic is
 * held against what they read. They come from the jars that the broker itself runs on.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { classPath, javaCommand, javacArguments, jdkCommand, SMALL_JVM } from './java.ts';
import { jars } from './jars.ts';

const source = join(import.meta.dirname, 'JavaWitness.java');
const END = 'end of answer';

export class JavaWitness {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string, undefined>;
  readonly #folder: string;
  #answered: Promise<unknown> = Promise.resolve();

  /** Of the one broker whose run folder this is. Compiled once, into a folder there. */
  constructor(runDir: string, brokers: readonly string[]) {
    const classes = join(runDir, 'classes');
    const broker = classPath(jars.broker);
    const compiling = javacArguments({ files: [source], classPath: broker, classes });
    execFileSync(jdkCommand('javac'), compiling, { stdio: 'pipe' });
    const program = ['-cp', [classes, broker].join(delimiter), 'JavaWitness'];
    const child = spawn(javaCommand(), [...SMALL_JVM, ...program, brokers.join(','), END], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    this.#folder = join(runDir, 'data', 'broker');
  }

  /** What lies on the topic, in the lines that JavaWitness.java explains. */
  say(topic: string): Promise<string[]> {
    return this.ask('say', topic, this.#folder);
  }

  /** What it answers, line by line: one question after the other. */
  ask(...words: readonly (string | number)[]): Promise<string[]> {
    const answer = this.#answered.then(() => this.#answer(words));
    this.#answered = answer.catch(() => undefined);
    return answer;
  }

  async #answer(words: readonly (string | number)[]): Promise<string[]> {
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

export interface Content {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

/** The program's checksum of a record: nothing is another content than an empty one. */
export function checksum({ key, value, headers }: Content): number {
  const named = headers.flatMap(([name, bytes]) => [Buffer.from(name), bytes]);
  const parts = [key, value, ...named].flatMap((bytes) =>
    bytes === null ? [Buffer.of(0)] : [Buffer.of(1), bytes],
  );
  return crc32(Buffer.concat(parts));
}
