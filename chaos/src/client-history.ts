import { type ClientOperation, type ClientRead, historyLine, readLine } from '@checkout/proof';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** In the run folder of the system that they are about. */
export const HISTORY_FILE = 'history.ndjson';
export const READS_FILE = 'reads.ndjson';

/** What a client is about to ask for. */
export type Request = Pick<ClientOperation, 'op' | 'customerId' | 'key' | 'bodyHash'>;

/** One sending as it is written down: what the judge wants to know, and when it was. */
export interface Sending extends ClientOperation {
  readonly result: Exclude<ClientOperation['result'], 'sent'>;
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
 * dies has forgotten nothing that it was told; and one before it sends, so that there is nothing in
 * the system that it has asked for and that is not in the file.
 * Not promised: what became of a request without an answer. It is `unknown`, and stays so.
 */
export class ClientHistory {
  readonly #sendings: string;
  readonly #reads: string;
  readonly #counts = { ok: 0, fail: 0, unknown: 0 };
  #looks = 0;

  constructor(folder: string) {
    this.#sendings = join(folder, HISTORY_FILE);
    this.#reads = join(folder, READS_FILE);
  }

  get counts(): Readonly<Record<Sending['result'], number>> {
    return this.#counts;
  }

  /** How often customers have seen what became of an order. */
  get looks(): number {
    return this.#looks;
  }

  sends(request: Request): void {
    const line = historyLine({ ...request, result: 'sent', orderId: null, responseHash: null });
    appendFileSync(this.#sendings, line);
  }

  record(sending: Sending): void {
    appendFileSync(this.#sendings, historyLine(sending));
    this.#counts[sending.result]++;
  }

  saw(read: ClientRead): void {
    appendFileSync(this.#reads, readLine(read));
    this.#looks++;
  }
}
