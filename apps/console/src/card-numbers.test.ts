import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, door } from './testing/door.js';
import { says } from './testing/service.js';

/** The gateway's own test number, of nobody. */
const CARD = '4242424242424242';
const ESCAPED = `%34${CARD.slice(1)}`;

let shop: Door;
beforeAll(async () => {
  shop = await door();
  for (const { behave } of Object.values(shop.services)) behave(says(200, {}));
});
afterAll(() => shop.stop());

const asking = (path: string, init: RequestInit = {}) => fetch(shop.url + path, init);
const where = async (answer: Response): Promise<string> => {
  const problem = (await answer.json()) as { type: string; detail: string };
  expect(`${answer.status} ${problem.type}`).toBe('400 /problems/card-number');
  expect(problem.detail).not.toContain(CARD.slice(1));
  return problem.detail.split(' holds it')[0] ?? '';
};

describe('a card number is refused at the door, and no service is asked', () => {
  it.each([
    ['in the path of what is passed on', `/api/orders/${CARD}`, 'The path of the address'],
    ['escaped in it', `/api/orders/${ESCAPED}`, 'The path of the address'],
    ['in a query', `/api/orders?cursor=${ESCAPED}`, 'The query of the address'],
    ['of a timeline', `/api/orders/${ESCAPED}/timeline`, 'The path of the address'],
    ['of the audit', `/api/audit?x=${CARD}`, 'The query of the address'],
    ['of the document', `/api/openapi.json?x=${CARD}`, 'The query of the address'],
    ['of the page of it', `/docs?x=${CARD}`, 'The query of the address'],
    ['of the health', `/health/live?x=${CARD}`, 'The query of the address'],
    ['of the kind of a problem', `/problems/${CARD}`, 'The path of the address'],
    ['of a page', `/orders/${ESCAPED}`, 'The path of the address'],
    ['of a file', `/index.html?x=${CARD}`, 'The query of the address'],
    ['of the webhooks', `/webhooks/stripe?x=${CARD}`, 'The query of the address'],
    ['where there is nothing', `/nothing/${CARD}`, 'The path of the address'],
  ])('%s: %s', async (_what, path, part) => {
    for (const method of ['GET', 'POST']) {
      const accept = { accept: 'text/html' };
      expect(await where(await asking(path, { method, headers: accept }))).toBe(part);
    }
  });

  it('in a header, whatever is asked', async () => {
    for (const path of ['/', '/api/orders', '/api/audit', '/docs']) {
      const key = { 'idempotency-key': CARD };
      expect(await where(await asking(path, { headers: key }))).toBe('The header Idempotency-Key');
    }
  });

  it('and the log has nothing of it', () => {
    expect(Object.values(shop.services).flatMap(({ asked }) => asked)).toEqual([]);
    expect(shop.logged.join('\n')).not.toMatch(/4242/);
  });
});

describe('what only looks like one', () => {
  it.each([
    ['a signature of the gateway', 'stripe-signature', `t=1795639200,v1=${'a'.repeat(48)}${CARD}`],
    ['the address of a client', 'x-forwarded-for', '2606:4700:4700:1119, 127.0.0.1'],
    ['the moment at which a proxy took the request', 'x-request-start', 't=1795639200123455'],
    ['the cookie of another program on the host', 'cookie', `card=${CARD}`],
  ])('is let through: %s', async (_what, name, value) => {
    expect((await asking('/api/products', { headers: { [name]: value } })).status).toBe(200);
  });
});
