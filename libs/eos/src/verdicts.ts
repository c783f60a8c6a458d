/**
 * The four things a failure can mean. Whoever meets the failure says which, where it occurs; nobody
 * downstream guesses from messages.
 */

/** The same call may succeed later: nothing is known to be wrong with the record. */
export class RetryError extends Error {
  override readonly name = 'RetryError';
}

/** This record can never be processed, by anybody: it is parked. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';
}

/** Somebody else owns the partition now: stop at once, write nothing. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** We are wrong, not the data: the process must end, so that nothing is built on it. */
export class BugError extends Error {
  override readonly name = 'BugError';
}
