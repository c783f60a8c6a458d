import 'reflect-metadata';
import type { KnownFact } from '@checkout/api';
import { eventId, topics } from '@checkout/events';
import { type App, createApplication } from '@checkout/nest-service';
import { archivePublished } from '@checkout/outbox';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { KnownFactsController } from './known-facts.controller.js';
import { KnownFacts } from './known-facts.js';
import { receiveWebhook } from './receive-webhook.handler.js';
import { type Approval, approvalOf, cancelOf } from './testing/given.js';
import { Stage } from './testing/stage.js';

let stage: Stage;
let app: App;

class Facts {}

beforeAll(async () => {
  stage = await Stage.open();
  const module = {
    module: Facts,
    controllers: [KnownFactsController],
    providers: [KnownFacts, { provide: DataSource, useValue: stage.dataSource }],
  };
  app = await createApplication({ module, log: stage.log });
  await app.init();
});
afterAll(async () => {
  await app.close();
  await stage.close();
});
afterEach(() => stage.reset());

async function factsOf({ payload: { orderId } }: Approval): Promise<KnownFact[]> {
  const answer = await app.inject({ url: `/internal/orders/${orderId.toUpperCase()}/facts` });
  expect(answer.statusCode).toBe(200);
  const { service, facts } = answer.json<{ service: string; facts: KnownFact[] }>();
  expect(service).toBe('payment');
  for (const { at, text } of facts) {
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
    expect(text).toMatch(/^[A-Z].*\.$/);
  }
  expect(facts.map(({ at }) => at)).toEqual(facts.map(({ at }) => at).toSorted());
  return facts;
}
const texts = (facts: readonly KnownFact[], what: string): string[] =>
  facts.filter((fact) => fact.what === what).map(({ text }) => text);

test('an order that was charged, and returned when its customer cancelled', async () => {
  const approval = await stage.approve();
  await stage.recover(approval);
  await stage.cancel(approval);
  await stage.recover(approval);

  const facts = await factsOf(approval);
  expect(texts(facts, 'fact')).toEqual([
    'Heard on orders.approved: approved.',
    'Heard on outbox.order: the customer asked to cancel.',
  ]);
  const attempts = facts.filter(({ what }) => what === 'attempt');
  expect(attempts.map(({ details }) => details['idempotencyKey'])).toEqual(
    await stage.keysOf(approval),
  );
  expect(texts(facts, 'answer')).toEqual([
    expect.stringMatching(/^Create attempt 1 is SUCCEEDED: req_\w+\.$/),
    expect.stringMatching(/^Confirm attempt 1 is SUCCEEDED: req_\w+\.$/),
    expect.stringMatching(/^Refund attempt 1 is SUCCEEDED: req_\w+\.$/),
  ]);
  expect(texts(facts, 'outcome')).toEqual(['The gateway has charged the customer.']);
  expect(texts(facts, 'refund')).toEqual(['The whole amount was returned.']);
  const told = facts.filter(({ what }) => what === 'outbox');
  expect(told.map(({ details }) => details['type'])).toEqual([
    'PaymentSucceeded',
    'PaymentRefunded',
  ]);
  const decided = facts.filter(({ what }) => what === 'outcome' || what === 'refund');
  const transactions = (list: KnownFact[]) =>
    list.map(({ details }) => details['databaseTransaction']);
  expect(transactions(told)).toEqual(transactions(decided));
});

test('an event that was seen on its topic is known with its coordinates', async () => {
  const approval = await stage.approve({ paymentMethod: 'pm_card_visa_chargeDeclined' });
  await stage.recover(approval);
  const at = { topic: topics.outboxPayment.name, partition: 2, offset: 17n, timestamp: 0 };
  const key = eventId(approval.id, 'PaymentDeclined');
  await archivePublished(stage.dataSource)([
    { record: { ...at, key, value: null, headers: {} }, event: null },
  ]);
  const facts = await factsOf(approval);
  expect(texts(facts, 'outcome')).toEqual(['Declined: generic_decline.']);
  expect(facts.at(-1)).toMatchObject({
    what: 'published',
    details: { topic: 'outbox.payment', partition: 2, offset: '17', type: 'PaymentDeclined' },
  });
});

test('a cancel that came first, its approval, and what was delivered again', async () => {
  const approval = approvalOf();
  await stage.cancel(approval);
  expect(texts(await factsOf(approval), 'fact')).toEqual([
    'Heard on outbox.order: the customer asked to cancel.',
  ]);
  await stage.deliver([approval]);
  await stage.deliver([approval]);
  await stage.deliver([cancelOf(approval)]);
  const facts = await factsOf(approval);
  expect(texts(facts, 'outcome')).toEqual(['Cancelled: nothing was charged and nothing will be.']);
  expect(texts(facts, 'repeat')).toEqual([
    'Delivered again on orders.approved and dropped: its id is in the inbox.',
    'Delivered again on outbox.order and dropped: its id is in the inbox.',
  ]);
});

test('what the gateway told by itself, and told again', async () => {
  const approval = await stage.approve();
  await stage.recover(approval);
  const { payment_intent_id } = await stage.payment(approval);
  const { amount, currency } = approval.payload.total;
  const about = {
    intentId: payment_intent_id ?? '',
    orderId: approval.payload.orderId,
    amount,
    currency,
  };
  const event = { id: 'evt_facts', type: 'payment_intent.succeeded', created: 0, about };
  for (let n = 0; n < 3; n++) await receiveWebhook(stage.dataSource.manager, event);
  const facts = await factsOf(approval);
  expect(texts(facts, 'webhook')).toEqual([
    'The gateway told of payment_intent.succeeded, which was known.',
  ]);
  expect(facts.filter(({ what }) => what === 'repeat')).toEqual([
    expect.objectContaining({
      text: expect.stringContaining('payment_intent.succeeded again') as string,
      details: expect.objectContaining({ eventId: 'evt_facts', times: 2 }) as object,
    }),
  ]);
});

test('an order that is not here has no facts; what is no id is refused by name', async () => {
  expect(await factsOf(approvalOf())).toEqual([]);
  const answer = await app.inject({ url: '/internal/orders/nonsense/facts' });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({
    errors: [{ path: 'id', message: 'expected the id of an order' }],
  });
});
