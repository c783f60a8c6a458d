import { operations } from '@checkout/api';
import type { App } from '@checkout/nest-service';
import {
  ApiContract,
  asSent,
  type Documented,
  GeneratedRun,
  type Known,
  requestTo,
} from '@checkout/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvalOf } from './testing/given.js';
import { Stage } from './testing/stage.js';
import { eventAbout, signed, webhookDoor } from './testing/webhook-door.js';

/**
 * What the gateway may say and what it may not, drawn from the OpenAPI document and signed as the
 * gateway signs: the schema that the document shows is the one that is checked.
 */
const REQUESTS = 1_000;
const contract = new ApiContract();
const asked = operations.payment.map(
  ({ method, path }) => contract.find(method, path) as Documented,
);
const run = new GeneratedRun(contract, asked);

let stage: Stage;
let app: App;
/** To see a failure again: `SEED=… npm test -w apps/payment -- generated-requests`. */
let seed: number;
beforeAll(async () => {
  stage = await Stage.open();
  app = await webhookDoor(stage);
  seed = Number(process.env['SEED'] ?? Math.floor(stage.clock()) % 2 ** 31);
});
afterAll(async () => {
  await app.close();
  await stage.close();
});

const SIGNATURE = 'Stripe-Signature';
const GOOD = 'the signature of these very bytes';
const about = (given: Parameters<typeof eventAbout>[1]) => eventAbout(approvalOf(), given)['data'];
const known: Known = {
  schemas: contract.schemas,
  values: {
    [SIGNATURE]: fc.constant(GOOD),
    data: fc.oneof(
      fc.jsonValue().map((object) => about({ object: { metadata: object } })),
      fc.record({ amount: fc.maxSafeInteger(), currency: fc.string() }).map((object) => {
        return about({ object });
      }),
      fc.dictionary(fc.string(), fc.jsonValue()).map((object) => ({ object })),
    ),
  },
};

test(
  `${REQUESTS} events drawn from the document: each that it allows is taken, and no other`,
  async () => {
    console.log(`seed ${seed}`);
    const requests = fc.oneof(...asked.map((operation) => requestTo(operation, known)));
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { method, url, headers, body = '' } = asSent(request, 'nobody');
        const isSigned = request.header[SIGNATURE] === GOOD;
        const signature = isSigned && { [SIGNATURE]: signed(body, stage.clock()) };
        const { statusCode: status, ...answer } = await app.inject({
          method: method as 'POST',
          url,
          headers: { ...headers, ...signature },
          payload: body,
        });
        const exchange = { method, url, status, headers: answer.headers, body: answer.body };
        run.judge(request, exchange, isSigned ? [] : ['not signed']);
      }),
      { numRuns: REQUESTS, seed },
    );
  },
  3 * 60_000,
);

test('events of both kinds were there, and each that was taken is noted', async () => {
  console.log(run.summary());
  expect(run.gaps()).toEqual([]);
  const { allowed, forbidden } = run.total();
  expect(Math.min(allowed, forbidden)).toBeGreaterThan(REQUESTS / 5);
  const noted = await stage.dataSource.query<unknown[]>('SELECT FROM webhook_events');
  expect(noted.length).toBeGreaterThan(REQUESTS / 10);
});
