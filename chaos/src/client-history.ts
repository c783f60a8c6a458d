import { appendFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

/**
 * What the clients know, request by request: the one witness that is not part of the system.
 *
 * Guarantee: a line is in the file before the client acts on what it says, so that a generator that
 * dies has forgotten nothing that it was told.
 * Not promised: what became of a request without an answer. It is `unknown`, and stays so.
 */
export interface Operation {
  readonly op: 'place' | 'cancel';
  readonly customerId: string;
  readonly key: string;
  /** SHA-256 of the request's body as it was sent. */
  readonly bodyHash: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** ok: 2xx. fail: refused for good. unknown: no answer, or one that says "ask again". */
  readonly result: 'ok' | 'fail' | 'unknown';
  readonly status: number | null;
  readonly orderId: string | null;
  /** SHA-256 of the answer's body, in hex. */
  readonly responseHash: string | null;
}

export class ClientHistory {
  readonly #file: string;
  readonly #counts = { ok: 0, fail: 0, unknown: 0 };

  constructor(file: string) {
    this.#file = file;
  }

  get counts(): Readonly<Record<Operation['result'], number>> {
    return this.#counts;
  }

  record(operation: Operation): void {
    appendFileSync(this.#file, `${JSON.stringify(operation)}\n`);
    this.#counts[operation.result]++;
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
