import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  readFileSync,
  statSync,
} from 'node:fs';

/** What a process has written to its log since it was started. */
export class LogTail {
  readonly #file: string;
  readonly #from: number;

  constructor(file: string) {
    this.#file = file;
    this.#from = existsSync(file) ? statSync(file).size : 0;
  }

  text(): string {
    const handle = openSync(this.#file, 'r');
    try {
      const length = Math.max(0, fstatSync(handle).size - this.#from);
      const bytes = Buffer.alloc(length);
      readSync(handle, bytes, 0, length, this.#from);
      return bytes.toString('utf8');
    } finally {
      closeSync(handle);
    }
  }

  contains(text: string): boolean {
    return this.text().includes(text);
  }
}

export function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
}
