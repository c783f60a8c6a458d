import { alone } from './locks';

/**
 * Who is shopping. The token itself lives in an HttpOnly cookie, out of reach of any script; the
 * page remembers only the customer's id, so that a session that ran out continues as the same
 * customer.
 */
const CUSTOMER = 'checkout.customer';

let running: Promise<void> | undefined;

export function customerId(): string | null {
  return localStorage.getItem(CUSTOMER);
}

/**
 * A first visitor gets a session before anything else is asked; a known one tries the cookie first.
 */
export async function ensureSession(): Promise<void> {
  if (customerId() === null) await renewSession();
}

/**
 * Requests that fail together renew together, and two tabs that start together share one customer.
 */
export function renewSession(): Promise<void> {
  const before = customerId();
  running ??= alone('checkout.session', async () => {
    if (before === null && customerId() !== null) return;
    const response = await openSession(customerId());
    if (!response.ok) throw new Error(`no session: HTTP ${response.status}`);
    const session = (await response.json()) as { customerId: string };
    localStorage.setItem(CUSTOMER, session.customerId);
  }).finally(() => (running = undefined));
  return running;
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
