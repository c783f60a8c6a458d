import { operations, problems } from '@checkout/api';
import { Problem } from '@checkout/nest-service';
import {
  ApiContract,
  ask,
  asSent,
  type Documented,
  GeneratedRun,
  isSendable,
  type Known,
  requestTo,
} from '@checkout/testkit';
import fc from 'fast-check';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Door, door } from './testing/door.js';
import { held, type JudgeProgram, judgeProgram, says as judges } from './testing/judge-program.js';
import { says } from './testing/service.js';

/**
 * What the console answers by itself, asked as the OpenAPI document allows and forbids it. What it
 * only passes on is asked of the services, and through this door of the running system (e2e).
 */
const REQUESTS = 1_500;
const AT_MOST_MS = 3 * 60_000;
/**
 * To see a failure again, in apps/console:
 * `SEED=… npx vitest run --root . --config ../../vitest.config.ts generated-requests`.
 */
const seed = Number(process.env['SEED'] ?? Math.floor(performance.timeOrigin) % 2 ** 31);

const contract = new ApiContract();
/** The routes of health are made where a service starts; the running system is asked for them. */
const asked = operations.console
  .filter(({ path }) => path.startsWith('/api/'))
  .map(({ method, path }) => contract.find(method, path) as Documented);
const run = new GeneratedRun(contract, asked);

const TOKEN = 'of-the-owner';
const OWN = '0198f0c0-1111-7222-8333-444444444444';
const known: Known = {
  schemas: contract.schemas,
  values: { id: fc.constantFrom(OWN, OWN.toUpperCase()) },
};

let judge: JudgeProgram;
let shop: Door;
beforeAll(async () => {
  judge = await judgeProgram();
  await judge.does(judges(held));
  shop = await door({ evidence: judge.evidence, judge: judge.program });
  shop.services.order.behave(ordersOfOne);
  for (const name of ['enrichment', 'payment', 'ledger'] as const) {
    shop.services[name].behave(says(200, { service: name, facts: [] }));
  }
});
afterAll(async () => {
  await shop.stop();
  await judge.remove();
});

/** The order service, as far as a timeline needs it: one customer, who has one order. */
function ordersOfOne(request: IncomingMessage, response: ServerResponse): void {
  const { authorization, cookie } = request.headers;
  const token = authorization ?? `Bearer ${/session=(.*)/.exec(cookie ?? '')?.[1]}`;
  const of = (kind: Parameters<typeof said>[0]) => said(kind)(request, response);
  if (request.url?.startsWith('/internal/')) {
    return void says(200, { service: 'order', facts: [] })(request, response);
  }
  if (token !== `Bearer ${TOKEN}`) return void of('unauthenticated');
  const isOwn = request.url?.toLowerCase() === `/api/orders/${OWN}`;
  return void (isOwn ? says(200, { id: OWN })(request, response) : of('notFound'));
}

function said(kind: 'unauthenticated' | 'notFound') {
  const problem = new Problem(problems[kind]);
  return says(problem.getStatus(), problem.getResponse(), 'application/problem+json');
}

/** An audit is a process each: a few of them are enough. */
const weightOf = ({ method }: Documented): number => (method === 'POST' ? 1 : 5);

test(
  `${REQUESTS} requests drawn from the document: none breaks the door, none forbidden is accepted`,
  async () => {
    console.log(`seed ${seed}`);
    const requests = fc.oneof(
      ...asked.map((operation) => ({
        weight: weightOf(operation),
        arbitrary: requestTo(operation, known).filter(isSendable),
      })),
    );
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        run.judge(request, await ask(shop.url, asSent(request, TOKEN)));
      }),
      { numRuns: REQUESTS, seed },
    );
  },
  AT_MOST_MS,
);

test('each operation was asked, well and wrongly, and each has been done', () => {
  console.log(run.summary());
  expect(run.gaps()).toEqual([]);
  expect(judge.starts().length).toBeGreaterThan(0);
});
