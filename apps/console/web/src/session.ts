import { beside, alone } from './locks';
import { changeMemory, readMemory } from './memory-store';

/**
 * Who is shopping. The token itself lives in an HttpOnly cookie, out of reach of any script; the
 * page remembers only the customer's id, so that a session that ran out continues as the same
 * customer.
 *
 * Guarantee: while a request goes out in a customer's name, no tab exchanges the cookie under it.
 * Not promised: anything about a cookie that was exchanged past these pages.
 */
const LOCK = 'checkout.session';

let running: Promise<void> | undefined;

/**
 * A first visitor gets a session before anything else is asked; a known one tries the cookie first.
 */
export async function ensureSession(): Promise<void> {
  if ((await readMemory()).customerId === null) await renewSession();
}

/** Null when the session speaks for somebody else by now. */
export function inTheNameOf<T>(customerId: string, work: () => Promise<T>): Promise<T | null> {
  return beside(LOCK, async () => ((await readMemory()).customerId === customerId ? work() : null));
}

/**
 * Requests that fail together renew together, and two tabs that start together share one customer.
 */
export function renewSession(): Promise<void> {
  running ??= renew().finally(() => (running = undefined));
  return running;
}

async function renew(): Promise<void> {
  const before = (await readMemory()).customerId;
  await alone(LOCK, async () => {
    const now = (await readMemory()).customerId;
    if (before === null && now !== null) return;
    const response = await openSession(now);
    if (!response.ok) throw new Error(`no session: HTTP ${response.status}`);
    const { customerId } = (await response.json()) as { customerId: string };
    await changeMemory((memory) => ({ ...memory, customerId }));
  });
}

/**
 * Only the demo lets a client name its customer; elsewhere that is refused, and the server names
 * one.
 */
async function openSession(known: string | null): Promise<Response> {
  if (known === null) return post({});
  const named = await post({ customerId: known });
  return [400, 403, 422].includes(named.status) ? post({}) : named;
}

function post(body: object): Promise<Response> {
  return fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
