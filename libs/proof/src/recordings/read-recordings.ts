import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Checkpoint, Recordings } from '../evidence/recordings.js';
import { clientOperation, clientRead } from './client-history.js';
import { consumeEvent } from './consume-log.js';

/**
 * Everything that was written down in the run folder while the system worked:
 *
 *   history*.ndjson         what clients sent, and what became of it as far as they know
 *   reads*.ndjson           what clients saw of their orders
 *   record/<life>.ndjson    what each life of a service read, with RECORD=1
 *   planted.ndjson          records that were broken on purpose
 *   canaries.txt            texts, a line each, that must not be found anywhere
 *   audit/checkpoint.json   the ledger as the last audit saw it
 */
const place = z.object({ topic: z.string(), partition: z.int(), offset: z.int() });
const checkpoint = z.object({
  takenAt: z.string(),
  entries: z.record(z.string(), z.string()),
}) satisfies z.ZodType<Checkpoint>;

type OfClients = Pick<Recordings, 'history' | 'reads'>;
type OfServices = Omit<Recordings, keyof OfClients>;

/**
 * What clients know. To be read before the system is: a client whose answer came while the system
 * was read would know of an order that is in nothing that was read.
 */
export function readClients(runDir: string | undefined): OfClients {
  if (runDir === undefined) return { history: null, reads: null };
  const histories = filesIn(runDir, /^history.*\.ndjson$/);
  const reads = filesIn(runDir, /^reads.*\.ndjson$/);
  return {
    history: allLinesOf(histories, clientOperation),
    reads: allLinesOf(reads, clientRead),
  };
}

/** What services have read, and all else. What is read after it, nobody would have read. */
export function readServices(runDir: string | undefined): OfServices {
  if (runDir === undefined) return { consumed: null, checkpoint: null, planted: [], canaries: [] };
  const lives = filesIn(join(runDir, 'record'), /\.ndjson$/);
  const [planted] = filesIn(runDir, /^planted\.ndjson$/);
  const [canaries] = filesIn(runDir, /^canaries\.txt$/);
  const last = checkpointFile(runDir);
  return {
    consumed:
      lives.length === 0
        ? null
        : lives.map((file) => ({
            incarnation: basename(file, '.ndjson'),
            events: linesOf(file, consumeEvent),
          })),
    checkpoint: existsSync(last) ? checkpoint.parse(JSON.parse(readFileSync(last, 'utf8'))) : null,
    planted: planted === undefined ? [] : linesOf(planted, place),
    canaries: canaries === undefined ? [] : textLines(canaries),
  };
}

/** Renamed into place: an audit that is killed leaves the one before. */
export function keepCheckpoint(runDir: string, taken: Checkpoint): void {
  const file = checkpointFile(runDir);
  mkdirSync(join(runDir, 'audit'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(taken));
  renameSync(`${file}.new`, file);
}

function checkpointFile(runDir: string): string {
  return join(runDir, 'audit', 'checkpoint.json');
}

function filesIn(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Null: nobody has written any. */
function allLinesOf<T>(files: readonly string[], schema: z.ZodType<T, unknown>): T[] | null {
  return files.length === 0 ? null : files.flatMap((file) => linesOf(file, schema));
}

/**
 * A process that is killed may leave half a line, which says nothing; anywhere else a line that
 * cannot be read is an error, because evidence that is passed over is no evidence.
 */
function linesOf<T>(file: string, schema: z.ZodType<T, unknown>): T[] {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const last = lines.pop();
  if (last !== undefined && parsedLine(last) !== undefined) lines.push(last);
  return lines.map((line, i) => {
    const parsed = schema.safeParse(parsedLine(line));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`${file}:${i + 1}: ${issue?.path.join('.')} ${issue?.message}`);
  });
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function textLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
