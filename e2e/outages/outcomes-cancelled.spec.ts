import type { Session } from '@checkout/testkit';
import { expect, test } from '../fixtures.js';
import { lostCharges, lostConfirmations, planFaults, unknownRefund } from '../gateway-faults.js';
import { APPROVED, OrderStory, refunded, unpaid } from '../order-story.js';

const SKU = 'espresso-cup';
const PRICE = '2100';

const cancelled = unpaid(
  [...APPROVED, 'cancelled'],
  'Cancelled at your request; nothing was charged.',
);

/** Payment decides: each wish twice, undisturbed and with payment killed in the middle. */
for (const killed of [false, true]) {
  const when = killed ? ', payment killed in the middle' : '';
  const then = killed ? 'is killed' : 'goes on';

  test.describe(`a customer cancels${when}`, () => {
    test('before the order is approved: nothing is ever charged', async ({ system }) => {
      const story = new OrderStory(system);
      const buyer = await story.client.openSession();
      const before = await story.stock(SKU);
      const id = await story.standing(
        'enrichment',
        async () => {
          const wish = (): Promise<string> => cancelling(story, buyer);
          const placed = killed ? await story.standing('payment', wish, then) : await wish();
          await story.paymentIs(placed, 'VOIDED');
          return placed;
        },
        'goes on',
      );
      await story.atRest();
      expect(await story.ending(id)).toEqual(cancelled);
      await story.stockBecomes(SKU, before);
    });

    test('between approval and charge: cancelled, or charged and paid back', async ({ system }) => {
      const story = new OrderStory(system);
      const buyer = await story.client.openSession();
      const before = await story.stock(SKU);
      const approved = (id: string): Promise<void> => story.reaches(id, 'approved');
      const work = (): Promise<string> => cancelling(story, buyer, approved);
      const id = await story.standing('payment', work, then);
      await story.atRest();
      // Approval and wish lie on two topics: either may be read first.
      expect([cancelled, refunded(PRICE)]).toContainEqual(await story.ending(id));
      await story.stockBecomes(SKU, before);
    });

    for (const { what, faults, state } of lostCharges) {
      test(`while the charge is ${what}: paid back, once`, async ({ system }) => {
        const story = new OrderStory(system);
        const buyer = await story.client.openSession();
        const before = await story.stock(SKU);
        await planFaults(system.gatewayUrl, faults);
        const id = await story.place(buyer);
        await story.chargedAnd(state, id);
        expect((await story.cancel(buyer, id)).status).toBe(202);
        if (killed) await story.killedInTheMiddle('payment', [id]);

        await story.atRest();
        expect(await lostConfirmations(system.gatewayUrl)).toBe(1);
        expect(await story.ending(id)).toEqual(refunded(PRICE));
        await story.stockBecomes(SKU, before);
      });
    }

    test('after the charge: the money goes back, and its reversal is booked', async ({
      system,
    }) => {
      const story = new OrderStory(system);
      const buyer = await story.client.openSession();
      const before = await story.stock(SKU);
      const id = await story.place(buyer);
      await story.reaches(id, 'booked');
      if (killed) await planFaults(system.gatewayUrl, [unknownRefund]);
      const asked = await story.cancel(buyer, id);
      expect(JSON.parse(asked.body)).toMatchObject({ status: 'booked', cancelRequested: true });
      if (killed) await story.killedWhilePayingBack(id);
      await story.atRest();
      expect(await story.ending(id)).toEqual(refunded(PRICE));
      await story.stockBecomes(SKU, before);
    });

    test('again and again: one refund, and each key its own answer', async ({ system }) => {
      const story = new OrderStory(system);
      const buyer = await story.client.openSession();
      const before = await story.stock(SKU);
      const id = await story.place(buyer);
      await story.reaches(id, 'booked');
      if (killed) await planFaults(system.gatewayUrl, [unknownRefund]);
      const asked = await Promise.all(
        ['one', 'two', 'three'].map((key) => story.cancel(buyer, id, `${id} ${key}`)),
      );
      expect(asked.map(({ status }) => status)).toEqual([202, 202, 202]);
      if (killed) await story.killedWhilePayingBack(id);
      await story.atRest();

      const again = await story.cancel(buyer, id, `${id} two`);
      expect(again.body).toBe(asked[1]!.body);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      const late = await story.cancel(buyer, id);
      expect(late.status).toBe(409);
      expect(JSON.parse(late.body)).toMatchObject({ type: '/problems/already-final' });
      expect(await story.ending(id)).toEqual(refunded(PRICE));
      const events = `SELECT FROM outbox_archive WHERE aggregateid = $1
        AND type = 'OrderCancelRequested'`;
      expect(await story.rows('orders', events, id)).toHaveLength(1);
      await story.stockBecomes(SKU, before);
    });
  });
}

/** An order, and the wish to cancel it on its topic. */
async function cancelling(
  story: OrderStory,
  buyer: Session,
  first: (id: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const id = await story.place(buyer);
  await first(id);
  expect((await story.cancel(buyer, id)).status).toBe(202);
  await story.told(id, 'OrderCancelRequested');
  return id;
}

test.afterEach(({ system }) => planFaults(system.gatewayUrl, []));
