/**
 * Writes down what this life of the process reads: one file, one JSON object a line, appended.
 *
 * Guarantee: a line that was written survives a `kill -9` of the process, because it is given to
 * the operating system before the runner goes on. Not promised: that it survives the machine, or
 * that the last line of a killed process is whole.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { now } from './clock.js';
import { newLife } from './life-id.js';
import type { Observer } from './observer.js';
import type { InputRecord } from './record.js';

export interface ConsumeRecordOptions {
  readonly folder: string;
  readonly service: string;
  readonly ordinal: number;
}

export function consumeRecord({ folder, service, ordinal }: ConsumeRecordOptions): Observer {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, `${newLife(service, ordinal)}.ndjson`), 'a');
  const write = (line: object): void => void writeSync(file, `${JSON.stringify(line)}\n`);
  return {
    took: (where, position) =>
      write({ kind: 'took', ...where, position: position === null ? null : Number(position) }),
    read(where, records) {
      if (records.length === 0) return;
      write({ kind: 'read', ...where, at: now(), records: records.map(seen) });
    },
    ended: (where, end, outcome) => write({ kind: 'ended', ...where, end: Number(end), outcome }),
  };
}

/** Long enough to tell any two records apart that are not made to deceive. */
const HASH_CHARACTERS = 16;

function seen({ offset, key, value, headers }: InputRecord): [number, string | null, string] {
  const hash = createHash('sha256')
    .update(key ?? '')
    .update('\0')
    .update(value ?? '');
  const content = hash.digest('base64url').slice(0, HASH_CHARACTERS);
  return [Number(offset), headers['id'] ?? null, content];
}
