import { operations, problems } from '@checkout/api';
import type { App } from '@checkout/nest-service';
import { ApiContract } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Approval, approvalOf } from './testing/given.js';
import { Stage } from './testing/stage.js';
import { eventAbout, mac, SECRET, signed, webhookDoor } from './testing/webhook-door.js';

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

interface Sent {
  readonly body?: string;
  readonly signature?: string | null;
  readonly contentType?: string;
}

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

const seconds = (ms: number): number => Math.floor(stage.clock() / 1000) + ms / 1000;
const MINUTES_5 = 300_000;

describe('is refused, and nothing of it is stored', () => {
  const text = (given = {}): string => JSON.stringify(eventAbout(approval, given));
  const cases: [what: string, sent: () => Sent, refusal: [status: number, reason: RegExp]][] = [
    ['no signature', () => ({ body: text(), signature: null }), [400, /missing/]],
    ['an empty signature', () => ({ body: text(), signature: '' }), [400, /not match/]],
    ['a signature of nonsense', () => ({ body: text(), signature: 'v1' }), [400, /not match/]],
    [
      'another secret',
      () => ({ body: text(), signature: signed(text(), stage.clock(), `${SECRET}x`) }),
      [400, /not match/],
    ],
    [
      'a body that differs by one byte',
      () => {
        const body = text();
        const signature = signed(body, stage.clock());
        return { body: body.replace('"amount":4200', '"amount":4201'), signature };
      },
      [400, /not match/],
    ],
    [
      'a body that was parsed and written again',
      () => {
        const body = JSON.stringify(eventAbout(approval), null, 2);
        return { body: JSON.stringify(JSON.parse(body)), signature: signed(body, stage.clock()) };
      },
      [400, /not match/],
    ],
    [
      'a time stamp of 301 s ago',
      () => ({ body: text(), signature: signed(text(), stage.clock() - MINUTES_5 - 1_000) }),
      [400, /not match/],
    ],
    [
      'a time stamp of 302 s from now',
      () => {
        const body = text();
        return { body, signature: signed(body, stage.clock() + MINUTES_5 + 2_000) };
      },
      [400, /future/],
    ],
    [
      'a time stamp of the far future beside a good one',
      () => {
        const body = text();
        return { body, signature: `${signed(body, stage.clock())},t=99999999999` };
      },
      [400, /future/],
    ],
    [
      'a signature of another scheme only',
      () => {
        const body = text();
        return { body, signature: signed(body, stage.clock()).replace('v1=', 'v0=') };
      },
      [400, /not match/],
    ],
    [
      'ten thousand signatures',
      () => {
        const body = text();
        const many = Array.from({ length: 10_000 }, () => `v1=${'0'.repeat(64)}`).join(',');
        return { body, signature: `${signed(body, stage.clock())},${many}` };
      },
      [400, /too long/],
    ],
    ['no JSON', () => ({ body: '{"id":' }), [400, /no event/]],
    ['no body', () => ({ body: '' }), [400, /./]],
    ['an event without an id', () => ({ body: text({ event: { id: undefined } }) }), [400, /id:/]],
    ['a kind of two lines', () => ({ body: text({ type: 'a\nb' }) }), [400, /type:/]],
    [
      'a time that no calendar has',
      () => ({ body: text({ event: { created: 1e15 } }) }),
      [400, /created:/],
    ],
    ['real money', () => ({ body: text({ event: { livemode: true } }) }), [400, /test mode/]],
    ['another account', () => ({ body: text({ event: { account: 'acct_1' } }) }), [400, /account/]],
    [
      'another version of the API',
      () => ({ body: text({ event: { api_version: '2019-01-01' } }) }),
      [400, /API version/],
    ],
    ['1 MiB', () => ({ body: `{"id":"${'x'.repeat(1 << 20)}"}` }), [413, /64 KiB/]],
    ['a form', () => ({ body: 'id=evt_1', contentType: 'text/plain' }), [415, /json/]],
  ];
  test.each(cases)('%s', async (_what, sent, [status, reason]) => {
    const before = await stored();
    const answer = await send(sent());
    expect(answer.status).toBe(status);
    expect(String(answer.body['detail'])).toMatch(reason);
    expect(answer.body).not.toHaveProperty('stack');
    expect(await stored()).toBe(before);
    const { state, tries } = await stage.payment(approval);
    expect([state, tries]).toEqual(['CREATING', 0]);
  });

  test('everything, when no secret is configured', async () => {
    const closed = await webhookDoor(stage, []);
    const answer = await send({ body: text() }, closed);
    expect(answer.status).toBe(404);
    expect(answer.body['detail']).toContain('No secret');
    await closed.close();
  });
});

describe('is accepted', () => {
  test.each<[string, (body: string) => string]>([
    ['a good signature', (body) => signed(body, stage.clock())],
    [
      'one of two signatures is right, as while secrets are rolled over',
      (body) => {
        const at = seconds(0);
        return `t=${at},v1=${mac(body, at, 'whsec_old')},v1=${mac(body, at)}`;
      },
    ],
    ['299 s old', (body) => signed(body, stage.clock() - MINUTES_5 + 1_000)],
    ['a clock that is 4 minutes ahead', (body) => signed(body, stage.clock() + 240_000)],
  ])('%s', async (_what, signature) => {
    const body = JSON.stringify(eventAbout(approvalOf()));
    const answer = await send({ body, signature: signature(body) });
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

  test.each<[string, object]>([
    ['a kind that nobody knows', { type: 'invoice.paid', object: { object: 'invoice' } }],
    ['an order of somebody else', { object: { metadata: { order_id: 'another tenant' } } }],
    ['an order that we do not know', {}],
    ['no order at all', { object: { metadata: {} } }],
    ['an intent whose id is none', { intent: 'pi_\u0000' }],
    ['an object without a shape', { object: { object: 7, amount: 'much' } }],
  ])('%s: taken note of, and nothing else', async (_what, given) => {
    const answer = await send({ body: JSON.stringify(eventAbout(approvalOf(), given)) });
    expect(answer).toEqual({ status: 200, body: { received: true, outcome: 'not-ours' } });
  });
});

test('the route is the one of the contract, with its refusals', () => {
  const [operation] = operations.payment;
  expect(`${operation?.method} ${operation?.path}`).toBe('POST /webhooks/stripe');
  expect(operation?.problems).toContain(problems.webhookRefused);
});
