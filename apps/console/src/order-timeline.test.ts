import { ApiContract } from '@checkout/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Door, door } from './testing/door.js';
import { says } from './testing/service.js';

const contract = new ApiContract();
const id = '0198f0c0-1111-7222-8333-444444444444';
const customerId = '0198f0c0-5555-7666-8777-888888888888';
const money = { amount: '4200', currency: 'EUR' };
const order = {
  id,
  status: 'paid',
  version: 3,
  customerId,
  lines: [{ sku: 'espresso-cup', quantity: 2, unitPrice: { amount: '2100', currency: 'EUR' } }],
  total: money,
  placedAt: '2026-11-24T12:00:00.000Z',
};
const at = (ms: number) => `2026-11-24T12:00:00.${String(ms).padStart(3, '0')}Z`;
const fact = (ms: number, what: string) => ({ at: at(ms), what, text: `It ${what}.`, details: {} });
const facts = (service: string, ...some: object[]) => says(200, { service, facts: some });

let shop: Door;
beforeAll(async () => {
  shop = await door();
});
afterAll(() => shop.stop());

beforeEach(() => {
  const { order: orders, enrichment, payment, ledger } = shop.services;
  orders.behave((request, response) => {
    const behaviour = request.url?.startsWith('/internal')
      ? facts('order', fact(1, 'order'), fact(5, 'booked'))
      : says(request.headers.authorization === 'Bearer owner' ? 200 : 404, order);
    void behaviour(request, response);
  });
  enrichment.behave(facts('enrichment', fact(2, 'stock'), fact(3, 'decision')));
  payment.behave(facts('payment', fact(3, 'attempt'), fact(5, 'outbox')));
  ledger.behave(facts('ledger', fact(4, 'entry')));
  for (const { asked } of [orders, enrichment, payment, ledger]) asked.splice(0);
});

async function timeline(token = 'owner', of = id) {
  const url = `/api/orders/${of}/timeline`;
  const answer = await fetch(shop.url + url, { headers: { authorization: `Bearer ${token}` } });
  const body = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  const { status } = answer;
  return {
    status,
    headers,
    body,
    faults: () => contract.faultsOf({ method: 'GET', url, status, headers, body }),
  };
}

interface Told {
  readonly orderId: string;
  readonly facts: readonly { service: string; what: string }[];
  readonly missing: readonly string[];
}
const told = (body: string) => JSON.parse(body) as Told;

describe('the timeline of an order', () => {
  it('is what every service knows of it, by time', async () => {
    const { status, body, faults } = await timeline();
    expect(status).toBe(200);
    expect(faults()).toEqual([]);
    const { orderId, facts: known, missing } = told(body);
    expect(orderId).toBe(id);
    expect(known.map(({ service, what }) => `${service} ${what}`)).toEqual([
      'order order',
      'enrichment stock',
      'enrichment decision',
      'payment attempt',
      'ledger entry',
      'order booked',
      'payment outbox',
    ]);
    expect(missing).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['is away', () => shop.services.payment.behave((request) => void request.socket.destroy())],
    ['does not answer', () => shop.services.payment.behave(() => undefined)],
    ['has no such route yet', () => shop.services.payment.behave(says(404, {}))],
    ['answers something else', () => shop.services.payment.behave(says(200, { facts: [{}] }))],
  ])('says what is missing when a service %s', async (_name, fails) => {
    fails();
    const { status, body, faults } = await timeline();
    expect(status).toBe(200);
    expect(faults()).toEqual([]);
    expect(told(body).missing).toEqual(['payment']);
    const services = told(body).facts.map(({ service }) => service);
    expect(services).toEqual(['order', 'enrichment', 'enrichment', 'ledger', 'order']);
  });

  it("is its owner's: for another nobody is asked", async () => {
    shop.services.order.behave(
      says(404, { type: '/problems/not-found' }, 'application/problem+json'),
    );
    const { status, body, headers } = await timeline('stranger');
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(body)).toEqual({ type: '/problems/not-found' });
    expect(shop.services.order.asked).toEqual([`GET /api/orders/${id}`]);
    expect(shop.services.payment.asked).toEqual([]);
  });

  it('is told under the id that the order service gave, however it was written', async () => {
    await timeline('owner', id.toUpperCase());
    expect(shop.services.payment.asked).toEqual([`GET /internal/orders/${id}/facts`]);
  });

  it('cannot lead out of the orders', async () => {
    await timeline('owner', '..%2f..%2finternal%2fbalances%3f');
    const [asked] = shop.services.order.asked;
    expect(asked).toBe('GET /api/orders/..%2F..%2Finternal%2Fbalances%3F');
  });

  it('is 503 when the order service is away, and nobody is told anything', async () => {
    shop.services.order.behave((request) => void request.socket.destroy());
    const { status, faults } = await timeline();
    expect(status).toBe(503);
    expect(faults()).toEqual([]);
    expect(shop.services.payment.asked).toEqual([]);
  });
});
