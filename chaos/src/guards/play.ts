import { audit, type Audit } from '@checkout/proof';
import { until, type System } from '@checkout/testkit';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../random.js';
import { Customers } from './customers.js';
import { Vacuous, type Misfortune } from './misfortunes.js';
import type { ProxiedShop } from './proxied-shop.js';

const BEFORE = 6;
const AFTERWARDS = 6;
const SETTLE_MS = 2_000;
const AT_REST_WITHIN_MS = 60_000;
const STRUCK_WITHIN_MS = 120_000;

export interface Played {
  readonly struck: string;
  readonly verdict: Audit;
}

/**
 * Orders come and are served; then a misfortune strikes some that are on their way, and more come;
 * then rest, and the judge. The same seed brings the same orders.
 */
export async function play(
  shop: ProxiedShop,
  misfortune: Misfortune,
  random: Random,
): Promise<Played> {
  const customers = await Customers.of(shop.system, random);
  await customers.order(BEFORE);
  await judged(shop.system);
  const struck = await inTime(misfortune(shop, customers));
  await customers.order(AFTERWARDS);
  return { struck, verdict: await judged(shop.system) };
}

/** Also when a message that it waits for never comes. */
async function inTime(striking: Promise<string>): Promise<string> {
  const over = new AbortController();
  const late = pause(STRUCK_WITHIN_MS, undefined, { signal: over.signal }).then(() => {
    throw new Vacuous(`not over after ${STRUCK_WITHIN_MS} ms`);
  });
  late.catch(() => undefined);
  return Promise.race([striking, late]).finally(() => over.abort());
}

/** An order whose record was lost never ends: all else is waited for. */
const LOST = /^\d+ orders that are not final$/;

async function judged(system: System): Promise<Audit> {
  const rest = { what: 'only lost orders are on their way', withinMs: AT_REST_WITHIN_MS };
  let before: string | undefined;
  return until(rest, async () => {
    const verdict = await audit({ ...system, settleWithinMs: SETTLE_MS });
    const { waitingFor } = verdict.rest;
    if (waitingFor.length === 0) return verdict;
    const now = waitingFor.join();
    const isSettled = waitingFor.every((what) => LOST.test(what)) && now === before;
    before = now;
    return isSettled && verdict;
  });
}
