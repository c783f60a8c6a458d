import { operations, problems } from '@checkout/api';
import type { App } from '@checkout/nest-service';
import { ApiContract } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Approval, approvalOf } from './testing/given.js';
import { Stage } from './testing/stage.js';
import { badWebhooks } from './testing/bad/bad-webhooks.js';
import type { Sent } from './testing/bad/request.js';
import { eventAbout, SECRET, signed, webhookDoor } from './testing/webhook-door.js';

/** What is believed and what is not; what an event does is in receive-webhook.test.ts. */
let stage: Stage;
let app: App;
let approval: Approval;

beforeAll(async () => {
  stage = await Stage.open();
  app = await webhookDoor(stage);
  approval = await stage.approve();
});
afterAll(async () => {
  await app.close();
  await stage.close();
});
afterEach(() => stage.reset());

/** Each answer is held against it. */
const contract = new ApiContract();

/** As Stripe names it. */
const STRIPES = 'application/json; charset=utf-8';

async function send({ body = '{}', signature, contentType = STRIPES }: Sent, to = app) {
  const header = signature === undefined ? signed(body, stage.clock()) : signature;
  const answer = await to.inject({
    method: 'POST',
    url: '/webhooks/stripe',
    headers: {
      'content-type': contentType,
      ...(header === null ? {} : { 'stripe-signature': header }),
    },
    payload: body,
  });
  const { statusCode: status, headers, body: text } = answer;
  const exchange = { method: 'POST', url: '/webhooks/stripe', status, headers, body: text };
  expect(contract.faultsOf(exchange)).toEqual([]);
  return { status, body: answer.json<Record<string, unknown>>() };
}

const stored = async (): Promise<number> =>
  (await stage.dataSource.query<unknown[]>('SELECT FROM webhook_events')).length;

describe.each(badWebhooks)('$number, $name:', ({ because, requests }) => {
  const rows = requests.map((row) => ({ because, ...row }));
  test.each(rows)('$what: $answer, because $because', async ({ send: sends, answer, says }) => {
    const sent = sends({ approval, now: stage.clock() });
    if (sent.again) await send(sent);
    const before = await stored();
    const { status, body } = await send(sent);
    const told = status === 200 ? body['outcome'] : String(body['type']).replace('/problems/', '');
    expect(`${status} ${String(told)}`).toBe(answer);
    if (says) expect(String(body['detail'])).toMatch(says);
    expect(body).not.toHaveProperty('stack');
    const fresh = status === 200 && !sent.again;
    expect(await stored()).toBe(before + (fresh ? 1 : 0));
    const { state, tries } = await stage.payment(approval);
    expect([state, tries]).toEqual(['CREATING', 0]);
  });
});

describe('is refused', () => {
  test('everything, when no secret is configured', async () => {
    const closed = await webhookDoor(stage, []);
    const answer = await send({ body: JSON.stringify(eventAbout(approval)) }, closed);
    expect(answer.status).toBe(404);
    expect(answer.body['detail']).toContain('No secret');
    await closed.close();
  });
});

describe('is accepted', () => {
  test('a good signature', async () => {
    const answer = await send({ body: JSON.stringify(eventAbout(approvalOf())) });
    expect(answer).toEqual({ status: 200, body: { received: true, outcome: 'not-ours' } });
  });

  test.each([SECRET, `${SECRET}_next`])(
    'while one secret follows the other: %s',
    async (secret) => {
      const both = await webhookDoor(stage, [SECRET, `${SECRET}_next`]);
      const body = JSON.stringify(eventAbout(approvalOf()));
      const signature = signed(body, stage.clock(), secret);
      expect((await send({ body, signature }, both)).status).toBe(200);
      const foreign = signed(body, stage.clock(), `${SECRET}_before`);
      expect((await send({ body, signature: foreign }, both)).status).toBe(400);
      await both.close();
    },
  );
});

test('the route is the one of the contract, with its refusals', () => {
  const [operation] = operations.payment;
  expect(`${operation?.method} ${operation?.path}`).toBe('POST /webhooks/stripe');
  expect(operation?.problems).toContain(problems.webhookRefused);
});
