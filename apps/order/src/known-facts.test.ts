import type { KnownFact } from '@checkout/api';
import { eventId, orderPlacedId } from '@checkout/events';
import { archivePublished } from '@checkout/outbox';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approved, booked, declined, paid } from './testing/deliveries.js';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  placed,
  signIn,
} from './testing/order-application.js';

let order: OrderApplication;
let customer: Customer;
beforeAll(async () => {
  order = await orderApplication();
  customer = await signIn(order.app);
}, 30_000);
afterAll(() => order.stop());

async function factsOf(id: string): Promise<KnownFact[]> {
  const answer = await order.app.inject({ url: `/internal/orders/${id}/facts` });
  expect(answer.statusCode).toBe(200);
  const { service, facts } = answer.json<{ service: string; facts: KnownFact[] }>();
  expect(service).toBe('order');
  return facts;
}
const only = (facts: readonly KnownFact[], what: string) =>
  facts.filter((fact) => fact.what === what);
const isoTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);

test('an order that was placed: its row, its event, its answer, its first step', async () => {
  const id = await placed(order.app, customer, 'placed');
  const facts = await factsOf(id.toUpperCase());
  expect(facts.map(({ what }) => what).sort()).toEqual(['answer', 'order', 'outbox', 'status']);
  for (const { at, text } of facts) {
    expect(at).toEqual(isoTime);
    expect(text).toMatch(/^[A-Z].*\.$/);
  }
  const [row] = only(facts, 'order');
  const [event] = only(facts, 'outbox');
  expect(event?.details).toMatchObject({ type: 'OrderPlaced', eventId: orderPlacedId(id) });
  expect(event?.details['databaseTransaction']).toBe(row?.details['databaseTransaction']);
});

test('an event that was seen on its topic is known with its coordinates', async () => {
  const id = await placed(order.app, customer, 'published');
  await order.app.inject({
    method: 'POST',
    url: `/api/orders/${id}/cancel`,
    headers: { ...bearer(customer), 'idempotency-key': 'cancel' },
  });
  const record = { topic: 'outbox.order', partition: 3, offset: 41n, timestamp: 0, headers: {} };
  await archivePublished(order.app.get(DataSource))([
    { record: { ...record, key: orderPlacedId(id), value: null }, event: null },
  ]);

  const facts = await factsOf(id);
  expect(only(facts, 'published')).toMatchObject([
    {
      text: 'OrderPlaced was seen on outbox.order, and its row moved to the archive.',
      details: { topic: 'outbox.order', partition: 3, offset: '41' },
    },
  ]);
  expect(only(facts, 'outbox').map(({ details }) => details['type'])).toEqual([
    'OrderPlaced',
    'OrderCancelRequested',
  ]);
  expect(only(facts, 'wish')).toHaveLength(1);
  expect(only(facts, 'answer').map(({ details }) => details['status'])).toEqual([201, 202]);
});

test('what others said, each step, what came again, and what was parked', async () => {
  const id = await placed(order.app, customer, 'heard');
  const twice = paid(id);
  await order.hear([approved(id)]);
  await order.hear([twice, booked(id)]);
  await order.hear([twice]);
  await order.hear([declined(id)]);

  const facts = await factsOf(id);
  expect(only(facts, 'fact').map(({ text }) => text)).toEqual([
    'Heard on orders.approved: approved.',
    'Heard on outbox.payment: paid.',
    'Heard on ledger: booked.',
  ]);
  expect(only(facts, 'status').map(({ details }) => details['status'])).toEqual([
    'placed',
    'approved',
    'paid',
    'booked',
  ]);
  expect(only(facts, 'repeat')).toMatchObject([
    {
      text: 'Delivered again on outbox.payment and dropped: its id is in the inbox.',
      details: { offset: twice.record.offset.toString(), times: 1 },
    },
  ]);
  expect(only(facts, 'parked')).toMatchObject([
    { details: { topic: 'outbox.payment', eventId: eventId(id, 'PaymentDeclined') } },
  ]);
  const times = facts.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});

test('an order that is not here has no facts; what is no id is refused by name', async () => {
  expect(await factsOf('0190a6b2-6f00-7000-8000-000000000001')).toEqual([]);
  const answer = await order.app.inject({ url: '/internal/orders/nonsense/facts' });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({
    errors: [{ path: 'id', message: 'expected the id of an order' }],
  });
});
