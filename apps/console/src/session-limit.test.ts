import { afterEach, expect, test } from 'vitest';
import { type Door, door } from './testing/door.js';
import { says } from './testing/service.js';

let shop: Door;
afterEach(() => shop.stop());

const LIMIT = 5;
async function openShop(trusted?: string[]): Promise<void> {
  shop = await door({
    sessionsPerMinute: LIMIT,
    ...(trusted && { trustedProxies: trusted }),
  });
  shop.services.order.behave(says(201, {}));
}

const open = (from?: string, path = '/api/session') =>
  fetch(shop.url + path, {
    method: 'POST',
    headers: from ? { 'x-forwarded-for': from } : {},
  });

async function statuses(count: number, from?: (n: number) => string): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n++) all.push((await open(from?.(n))).status);
  return all;
}

test('an address that opens session after session has to wait', async () => {
  await openShop();
  expect(await statuses(LIMIT + 2)).toEqual([201, 201, 201, 201, 201, 429, 429]);
  const refused = await open();
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(await refused.json()).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(shop.services.order.asked).toHaveLength(LIMIT);
  expect((await fetch(`${shop.url}/api/products`)).status, 'other calls go on').toBe(201);
});

test('however the address of the route is written', async () => {
  await openShop();
  await statuses(LIMIT);
  for (const path of ['/api/session?a=1', '/api/%73ession', '/api/sessio%6E']) {
    expect((await open(undefined, path)).status, path).toBe(429);
  }
});

test('what a client says of its own address is not believed', async () => {
  await openShop();
  const refused = await statuses(LIMIT + 1, (n) => `203.0.113.${n}`);
  expect(refused.at(-1)).toBe(429);
});

test('what a trusted proxy says of it is, and an IPv6 network counts as one', async () => {
  await openShop(['127.0.0.1']);
  expect(await statuses(LIMIT + 1, (n) => `203.0.113.${n}`)).not.toContain(429);
  const neighbours = await statuses(LIMIT + 1, (n) => `2001:db8::${n}`);
  expect(neighbours.at(-1)).toBe(429);
});
