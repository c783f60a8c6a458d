/**
 * A request that may be sent many times and means one thing: a key, the frozen bytes, and the
 * customer in whose name it was wished.
 *
 * Guarantee: from the first sending to a definite answer every request carries the same key and the
 * same bytes, and none is sent once this browser's memory names another customer.
 * Failure stories:
 *   1. No answer, or one that may hide an effect (5xx, a time-out, 409 with Retry-After): sent
 *      again, until an answer is definite.
 *   2. The session ran out: a new one for the same customer, then the same request.
 *   3. The new session is another customer's. Keys are scoped to a customer, so under this one the
 *      same key would be a second effect: nothing is sent, and the request waits for its owner.
 * Not promised: an answer. While nobody answers, it asks, with pauses that a person can bear. Nor
 * that the cookie is the customer's: no script can read it, and whoever exchanges it past these
 * pages (the browser's tools, a program) has what is sent next sent in the name that it carries.
 */
export interface KeyedRequest {
  readonly key: string;
  readonly customerId: string;
  readonly path: string;
  /** The frozen bytes. */
  readonly body: string;
}

export type DefiniteAnswer =
  /** `replayed`: the shop said that it had done this before. */
  | { readonly kind: 'done'; readonly body: unknown; readonly replayed: boolean }
  /** No effect can come from this key any more. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'not-your-session' };
/** Nobody can say yet whether there was an effect. */
export type Answer = DefiniteAnswer | { readonly kind: 'unknown'; readonly retryAfterMs?: number };

/** What sending needs of the world, so that a test can play the network. */
export interface Network {
  send(request: KeyedRequest): Promise<Answer>;
  pause(milliseconds: number): Promise<void>;
  /** Tells the reader that there is no answer yet. */
  waiting(sendings: number): void;
}

/**
 * First pause after an unknown answer; doubles up to the longest. A person watches, so both are
 * short.
 */
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;

export async function untilDefinite(
  network: Network,
  request: KeyedRequest,
): Promise<DefiniteAnswer> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let sendings = 1; ; sendings++) {
    const answer = await network.send(request);
    if (answer.kind !== 'unknown') return answer;
    network.waiting(sendings);
    await network.pause(answer.retryAfterMs ?? pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
