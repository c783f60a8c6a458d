import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A record to the byte; bytes are in base64, so that records can be compared and printed. */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string | null])[];
}
export interface ReadRecord extends RawRecord {
  readonly offset: number;
}

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
export const text = (base64: string | null): string =>
  Buffer.from(base64 ?? '', 'base64').toString('utf8');

/** The header that says what a test has written, and why. */
export const CASE = 'case';

/** The last header of that name. */
export function headerOf({ headers }: RawRecord, name: string): string | undefined {
  const value = headers.findLast(([one]) => one === name)?.[1];
  return value === undefined || value === null ? undefined : text(value);
}

/** TopicClient.java, which explains the questions. */
export class TopicClient {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string, undefined>;

  constructor(command: readonly string[], brokers: readonly string[]) {
    const child = spawn('java', [...command, brokers.join(',')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** Each with a header that tells it from what the programs write. */
  async write(records: readonly RawRecord[]): Promise<void> {
    const told = records.map((record) =>
      headerOf(record, CASE) === undefined
        ? { ...record, headers: [...record.headers, [CASE, base64('history')]] }
        : record,
    );
    await this.#ask({ write: told });
  }

  async read(topics: readonly string[]): Promise<ReadRecord[]> {
    return (await this.#ask({ read: topics })) as ReadRecord[];
  }

  /** By `topic/partition`: the offset that these groups read next. */
  async committed(groups: readonly string[]): Promise<Readonly<Record<string, number>>> {
    return (await this.#ask({ committed: groups })) as Record<string, number>;
  }

  async #ask(question: object): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the Java program has ended');
    return JSON.parse(value);
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
  }
}
