import { type ClientOperation, historyLine } from '@checkout/proof';
import { appendFileSync } from 'node:fs';

/** One sending as it is written down: what the judge wants to know, and when it was. */
export interface Sending extends ClientOperation {
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** Null: there was no answer. */
  readonly status: number | null;
}

/**
 * What the clients know, request by request: the one witness that is not part of the system.
 *
 * Guarantee: a line is in the file before the client acts on what it says, so that a generator that
 * dies has forgotten nothing that it was told.
 * Not promised: what became of a request without an answer. It is `unknown`, and stays so.
 */
export class ClientHistory {
  readonly #file: string;
  readonly #counts = { ok: 0, fail: 0, unknown: 0 };

  constructor(file: string) {
    this.#file = file;
  }

  get counts(): Readonly<Record<Sending['result'], number>> {
    return this.#counts;
  }

  record(sending: Sending): void {
    appendFileSync(this.#file, historyLine(sending));
    this.#counts[sending.result]++;
  }
}
