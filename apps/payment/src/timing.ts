/** Every duration of this service, with its reason; how they must relate is asserted at boot. */
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/**
 * One call to the gateway, from the first byte out to the last byte in. Card networks may take
 * several seconds.
 */
export const CALL_TIMEOUT_MS = 8 * SECOND;

/** A step makes two calls at most (look, then repeat); the rest is for the database. */
const CALLS_PER_STEP = 2;
export const LEASE_MS = 20 * SECOND;
const LEASE_MARGIN_MS = 4 * SECOND;

/**
 * When the gateway tells by itself what a call did, the call's answer left it before. Whoever has
 * not read it by now has lost it, or is dead: the lease need not last longer.
 */
export const ANSWER_IN_FLIGHT_MS = 2 * SECOND;

/** The gateway may forget a key 24 h after its first use; from here on we look before we send. */
const GATEWAY_KEY_LIFETIME_MS = 24 * HOUR;
export const KEY_WINDOW_MS = 23 * HOUR;

/**
 * Clocks of ours and the gateway's may differ by this much when intents are listed by creation
 * time.
 */
export const LISTING_MARGIN_MS = HOUR / 4;

/**
 * Calls that one process makes at once: above this the gateway's latency no longer hides anything
 * on two cores.
 */
export const PARALLEL_CALLS = 16;

/** How soon a leftover of a crash is found when nothing else wakes the worker. */
export const POLL_MS = SECOND;

/** After a definite failure that may be repeated with a new key, as often as this in all. */
export const MAX_ATTEMPTS = 3;

/**
 * A payment that is still open after this long is an alarm for a person, and goes on being worked.
 */
export const ALARM_AFTER_MS = 5 * 60 * SECOND;

const FIRST_RETRY_MS = SECOND / 5;
const LONGEST_RETRY_MS = 30 * SECOND;

/**
 * Doubles up to a cap; half of it is random, so that payments that failed together do not return
 * together.
 */
export function backOffMs(tries: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, 16));
  return Math.round(full / 2 + (full / 2) * random);
}

export function assertTiming(): void {
  const relations: readonly [boolean, string][] = [
    [
      LEASE_MS >= CALLS_PER_STEP * CALL_TIMEOUT_MS + LEASE_MARGIN_MS,
      'a lease must outlast the calls of one step',
    ],
    [ANSWER_IN_FLIGHT_MS < LEASE_MS, 'a webhook must shorten a lease'],
    [
      KEY_WINDOW_MS + LEASE_MS < GATEWAY_KEY_LIFETIME_MS,
      'a key must still be known to the gateway when its last repeat arrives',
    ],
  ];
  const broken = relations.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length > 0) throw new Error(`timing: ${broken.join('; ')}`);
}
