import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ConsumeEvent } from '../evidence/recordings.js';

/**
 * What the engine writes down with RECORD=1, one JSON object a line, one file for each life of a
 * process in `record` of the run folder; the file's name is that life's name.
 */
const where = {
  group: z.string(),
  topic: z.string(),
  partition: z.int().min(0),
};
const readRecord = z
  .tuple([z.int().min(0), z.string().nullable(), z.string()])
  .transform(([offset, id, hash]) => ({ offset, id, hash }));

export const consumeEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('took'), ...where, position: z.int().min(0).nullable() }),
  z.object({ kind: z.literal('read'), ...where, at: z.number(), records: z.array(readRecord) }),
  z.object({ kind: z.literal('ended'), ...where, end: z.int().min(0), outcome: z.string() }),
]) satisfies z.ZodType<ConsumeEvent, unknown>;

/** Of what lies at a place: shortened, since nobody is to be deceived by it. */
export function contentHash({ key, value }: { key: string | null; value: string | null }): string {
  const hash = createHash('sha256')
    .update(key ?? '')
    .update('\0')
    .update(value ?? '');
  return hash.digest('base64url').slice(0, HASH_CHARACTERS);
}

const HASH_CHARACTERS = 16;
