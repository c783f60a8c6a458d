import type { Log } from '@checkout/eos';
import type { Clock } from './clock.js';
import { type GatewayRequest, thaw } from './frozen-request.js';
import type { Gateway } from './gateway/stripe-gateway.js';
import type { Random } from './ids.js';
import type { Lesson } from './lesson.js';
import type { Payment, Work } from './payment.js';
import type { PaymentStore } from './payment-store.js';
import { keyIsRemembered, resolveUnknown } from './resolve-unknown.js';
import { ALARM_AFTER_MS, backOffMs } from './timing.js';
import { understand } from './understand-answer.js';

/**
 * Charges one order, once by effect.
 *
 *   1. remember what we are about to do, before anything can happen      (database transaction)
 *   2. call the gateway, outside every transaction, with frozen bytes    (may be lost or repeated)
 *   3. write down what we learned, and remember the next step (1.),
 *      or tell the world by the outbox                                   (database transaction)
 *
 * The steps are: create the order's one PaymentIntent, then confirm it. Creating never charges. A
 * cancelled order's intent is cancelled instead, and what was charged all the same is refunded:
 * calls like the others, each with a key of its own (decide-cancellation.handler.ts).
 *
 * If we die between 1 and 2: nothing happened. The same attempt is called later, with the same key.
 * If we die between 2 and 3: it may have happened. The same attempt is called again with the same
 * key and the same bytes, and the gateway answers what it answered the first time.
 * If we do not understand the answer: the attempt is UNKNOWN, not failed. See resolve-unknown.ts.
 * If somebody else works on the same attempt: the key makes it one charge, and the first outcome
 * written down stands.
 * Not promised: that an order is paid at the first try, or while the gateway is away.
 */
export interface World {
  readonly gateway: Gateway;
  readonly store: PaymentStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Returns in how many milliseconds this order wants to be looked at again; null when there is
 * nothing left to do.
 */
export async function chargeOrder(first: Work, world: World): Promise<number | null> {
  let work: Work | null = first;
  while (work !== null) {
    const lesson = await takeStep(work, world); // 2.
    const retryInMs = pauseAfter(lesson, work, world.random());
    const next: Work | null = await world.store.writeDown(work, lesson, retryInMs); // 3. and 1.
    tell(world, work, lesson);
    if (retryInMs > 0) return retryInMs;
    work = next;
  }
  return null;
}

/** At most two calls to the gateway; the lease is that long. */
async function takeStep(work: Work, { gateway, clock }: World): Promise<Lesson> {
  const { payment, attempt } = work;
  const frozen = attempt.request;
  const request = thaw(frozen);
  if (!request) return { kind: 'quarantined', reason: 'the frozen request is not what it was' };
  if (!namesTheStoredIntent(request, payment)) {
    return { kind: 'quarantined', reason: 'the frozen request names another intent' };
  }
  const now = clock();
  if (attempt.state === 'UNKNOWN' || !keyIsRemembered(work, now)) {
    return resolveUnknown(work, { gateway, frozen, request, now });
  }
  return understand(work, await gateway.send(frozen, request));
}

function namesTheStoredIntent(request: GatewayRequest, payment: Payment): boolean {
  return request.operation === 'create' || request.intentId === payment.intentId;
}

/** 0: go on at once, or never again. */
function pauseAfter(lesson: Lesson, { payment, attempt }: Work, random: number): number {
  switch (lesson.kind) {
    case 'intent-created':
    case 'paid':
    case 'declined':
    case 'cancelled':
    case 'refunded':
    case 'quarantined':
      return 0;
    case 'try-again':
      return backOffMs(attempt.number, random);
    case 'unknown':
    case 'not-executed':
      return backOffMs(payment.tries, random);
  }
}

/** One line per event of the business; the intent's creation is not one. */
function tell({ log, clock }: World, { payment, attempt }: Work, lesson: Lesson): void {
  const order = { order: payment.orderId };
  const what = `${attempt.operation} attempt ${attempt.number}`;
  switch (lesson.kind) {
    case 'intent-created':
      return;
    case 'paid':
      return log.info(order, `paid: ${payment.intentId} by ${what} (${lesson.evidence})`);
    case 'declined':
      return log.info(order, `declined: ${lesson.declineCode}, ${what} (${lesson.evidence})`);
    case 'cancelled':
      return log.info(order, `cancelled, nothing was charged: ${what} (${lesson.evidence})`);
    case 'refunded':
      return log.info(order, `refunded: ${lesson.refundId} by ${what} (${lesson.evidence})`);
    case 'try-again':
      return log.warn(order, `${what} failed for good, another follows (${lesson.evidence})`);
    case 'unknown':
    case 'not-executed': {
      const old = clock() - attempt.createdAt > ALARM_AFTER_MS;
      const line = `${what} ${lesson.kind}: ${lesson.reason}`;
      return old ? log.error(order, `ALARM, open for long: ${line}`) : log.warn(order, line);
    }
    case 'quarantined':
      return log.error(order, `ALARM, quarantined: ${lesson.reason} (${what})`);
  }
}
