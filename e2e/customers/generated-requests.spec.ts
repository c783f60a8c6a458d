import {
  ApiContract,
  ask,
  asSent,
  type Documented,
  type GeneratedRequest,
  GeneratedRun,
  isSendable,
  type Known,
  requestTo,
  ShopClient,
} from '@checkout/testkit';
import fc from 'fast-check';
import { shopAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';

const REQUESTS = 1_000;
/** Each that is allowed waits for the judge; all of them together are one or two audits. */
const AUDITS = 40;
const contract = new ApiContract();
const nameOf = ({ method, path }: Documented): string => `${method} ${path}`;
const PLACING = 'POST /api/orders';
const isAudit = (operation: Documented): boolean => nameOf(operation) === 'POST /api/audit';
/** To see a failure again: `SEED=… npm run e2e -- generated-requests`. */
const seed = Number(process.env['SEED'] ?? Math.floor(performance.timeOrigin) % 2 ** 31);

const requests = (operation: Documented, known: Known) =>
  requestTo(operation, known).filter(isSendable);

test('every call of the API, drawn from its document: none breaks the shop', async ({ system }) => {
  test.setTimeout(5 * 60_000);
  console.log(`seed ${seed}`);
  const before = await shopAtRest(system);
  const client = new ShopClient(system.url);
  const [session, other] = [await client.openSession(), await client.openSession()];
  const wish = {
    lines: [{ sku: 'espresso-cup', quantity: 1 }],
    paymentMethod: 'pm_card_visa',
  };
  const own = await client.placeOrder(session, wish);
  const foreign = await client.placeOrder(other, wish);
  // Of hand mills and limited prints others count each piece that is left.
  const line = fc.record({
    sku: fc.constantFrom('espresso-cup', 'coffee-beans', 'milk-jug'),
    quantity: fc.integer({ min: 1, max: 3 }),
  });
  const known: Known = {
    schemas: contract.schemas,
    values: {
      id: fc.constantFrom(own.id, own.id.toUpperCase(), foreign.id),
      lines: fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: ({ sku }) => sku }),
      paymentMethod: fc.constantFrom('pm_card_visa', 'pm_card_chargeDeclined'),
      'Idempotency-Key': fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.uuid(), fc.uuid()),
    },
  };

  const run = new GeneratedRun(contract, contract.operations);
  const placed = new Set([own.id, foreign.id]);
  const judge = async (request: GeneratedRequest): Promise<void> => {
    const answer = await ask(system.url, asSent(request, session.token));
    // Nobody here knows the gateway's secret.
    const otherwise = request.operation.path === '/webhooks/stripe' ? ['not signed'] : [];
    run.judge(request, answer, otherwise);
    if (answer.status === 201 && nameOf(request.operation) === PLACING) {
      placed.add((JSON.parse(answer.body) as { id: string }).id);
    }
  };
  const quick = contract.operations.filter((operation) => !isAudit(operation));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        ...quick.map((operation) => ({
          weight: nameOf(operation) === PLACING ? 5 : 1,
          arbitrary: requests(operation, known),
        })),
      ),
      judge,
    ),
    { numRuns: REQUESTS, seed },
  );
  const audits = contract.operations.filter(isAudit);
  const drawn = fc.sample(fc.oneof(...audits.map((one) => requests(one, known))), {
    numRuns: AUDITS,
    seed,
  });
  await Promise.all(drawn.map(judge));

  console.log(run.summary());
  // That each is accepted and asked wrongly, too, takes more draws: see the services' own tests.
  expect(run.gaps().filter((gap) => gap.endsWith(' was never asked'))).toEqual([]);
  expect(placed.size, 'orders, and two of them not drawn').toBeGreaterThan(2);
  const { allowed, forbidden } = run.total();
  expect(allowed + forbidden).toBeGreaterThanOrEqual(REQUESTS + AUDITS);
  const after = await shopAtRest(system);
  expect(after.orders.length - before.orders.length).toBe(placed.size);
});
