/**
 * As much of Kafka's protocol as somebody in the middle must understand: where a message ends, what
 * is asked, and for which transactional id.
 */
const LENGTH_BYTES = 4;

/** By their numbers in the protocol: the requests of the engine's loop, in its order. */
const NAMES = {
  22: 'InitProducerId',
  9: 'OffsetFetch',
  24: 'AddPartitionsToTxn',
  0: 'Produce',
  25: 'AddOffsetsToTxn',
  28: 'TxnOffsetCommit',
  26: 'EndTxn',
} as const;

export type Request = (typeof NAMES)[keyof typeof NAMES];
/** In the order in which the loop makes them. */
export const REQUESTS: readonly Request[] = [
  ...(['InitProducerId', 'OffsetFetch', 'AddPartitionsToTxn', 'Produce'] as const),
  ...(['AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'] as const),
];
const NAME_THE_ID_FIRST = new Set<Request>(REQUESTS.filter((name) => name !== 'OffsetFetch'));

/** Whole messages, however the network has cut them. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);

  *cut(bytes: Buffer): Generator<Buffer, void, void> {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#rest.readInt32BE(0);
      if (this.#rest.length < end) return;
      const frame = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      yield frame;
    }
  }
}

export interface Asked {
  readonly correlation: number;
  /** Absent: a request of no interest. */
  readonly request?: Request;
  readonly transactionalId?: string;
}

const CORRELATION_AT = 8;
const CLIENT_AT = 12;

export function asked(frame: Buffer): Asked {
  const correlation = frame.readInt32BE(CORRELATION_AT);
  const request = (NAMES as Record<number, Request>)[frame.readInt16BE(LENGTH_BYTES)];
  if (request === undefined) return { correlation };
  if (!NAME_THE_ID_FIRST.has(request)) return { correlation, request };
  const bodyAt = CLIENT_AT + 2 + Math.max(frame.readInt16BE(CLIENT_AT), 0);
  const length = frame.readInt16BE(bodyAt);
  if (length < 0) return { correlation, request };
  const transactionalId = frame.toString('utf8', bodyAt + 2, bodyAt + 2 + length);
  return { correlation, request, transactionalId };
}

export const correlationOf = (answer: Buffer): number => answer.readInt32BE(LENGTH_BYTES);

/** Of an answer to EndTxn: the error code stands behind the throttle time. */
export const isWell = (answer: Buffer): boolean => answer.readInt16BE(CORRELATION_AT + 4) === 0;

/** As brokers name themselves in their answers: length, host, port. */
export function endpoint(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length, 0);
  bytes.write(host, 2);
  bytes.writeInt32BE(port, 2 + host.length);
  return bytes;
}

/** In place, wherever it stands. */
export function replaceAll(bytes: Buffer, found: Buffer, by: Buffer): void {
  for (let at = bytes.indexOf(found); at >= 0; at = bytes.indexOf(found, at + found.length)) {
    by.copy(bytes, at);
  }
}
