import { openSessions, until } from '@checkout/testkit';
import { expect, test } from '../fixtures.js';
import { APPROVED, booked, OrderStory, unpaid, type Ending } from '../order-story.js';

const CUSTOMERS = 100;

const REJECTED = ['placed', 'rejected'];
const tooMany = unpaid(
  REJECTED,
  'Too many orders in a short time. Wait a minute, then order again.',
);
const tooMuch = unpaid(REJECTED, 'The total is above the largest amount we accept.');
const tooLate = unpaid(REJECTED, 'The order could not be checked in time; nothing was charged.');
const declined = unpaid(
  [...APPROVED, 'payment_failed'],
  'The bank declined the card. Nothing was charged.',
);

/** Each end twice: undisturbed, and with the service that decides it killed in the middle. */
for (const killed of [false, true]) {
  const when = killed ? ', the deciding service killed in the middle' : '';

  test.describe(`an order ends${when}`, () => {
    test('booked', async ({ system }) => {
      const story = new OrderStory(system);
      const before = await story.stock('coffee-beans');
      const buyers = await openSessions(story.client, 10);
      const ids = await Promise.all(
        buyers.map((buyer) => story.place(buyer, { sku: 'coffee-beans' })),
      );
      if (killed) {
        await story.reaches(ids[0]!, 'approved');
        await story.killedInTheMiddle('payment', ids);
      }
      await story.atRest();
      for (const ending of await story.endings(ids)) expect(ending).toEqual(booked('2450'));
      await story.stockBecomes('coffee-beans', before - ids.length);
    });

    test('declined', async ({ system }) => {
      const story = new OrderStory(system);
      const before = await story.stock('milk-jug');
      const buyers = await openSessions(story.client, 10);
      const wish = { sku: 'milk-jug', paymentMethod: 'pm_card_visa_chargeDeclined' };
      const ids = await Promise.all(buyers.map((buyer) => story.place(buyer, wish)));
      if (killed) {
        await story.reaches(ids[0]!, 'approved');
        await story.killedInTheMiddle('payment', ids);
      }
      await story.atRest();
      for (const ending of await story.endings(ids)) expect(ending).toEqual(declined);
      await story.stockBecomes('milk-jug', before);
    });

    test('refused: the twenty-first order in a minute', async ({ system }) => {
      const story = new OrderStory(system);
      const buyer = await story.client.openSession();
      const wish = { sku: 'recipe-book' };
      const before = await story.stock('recipe-book');
      const placing = (orders: number): Promise<string[]> =>
        Promise.all(Array.from({ length: orders }, () => story.place(buyer, wish)));
      const ids = await placing(20);
      for (const id of ids) await story.reaches(id, 'booked');
      const more = await placing(killed ? 40 : 1);
      if (killed) {
        await story.told(more[0]!, 'OrderPlaced');
        await story.killedInTheMiddle('enrichment', more);
      }
      await story.atRest();
      for (const ending of await story.endings(more)) expect(ending).toEqual(tooMany);
      for (const ending of await story.endings(ids)) expect(ending).toEqual(booked('1650'));
      await story.stockBecomes('recipe-book', before - ids.length);
    });

    test('refused: the total is above the largest amount', async ({ system }) => {
      const story = new OrderStory(system);
      const before = await story.stock('espresso-cup');
      const buyers = await openSessions(story.client, killed ? 40 : 10);
      const wish = { sku: 'espresso-cup', quantity: 477 };
      const ids = await Promise.all(buyers.map((buyer) => story.place(buyer, wish)));
      if (killed) {
        await story.told(ids[0]!, 'OrderPlaced');
        await story.killedInTheMiddle('enrichment', ids);
      }
      await story.atRest();
      for (const ending of await story.endings(ids)) expect(ending).toEqual(tooMuch);
      await story.stockBecomes('espresso-cup', before);
    });

    test('rejected: nobody could check it in time', async ({ system }) => {
      const story = new OrderStory(system);
      const [first, buyer] = await openSessions(story.client, 2);
      const before = await story.stock('espresso-cup');
      const id = await story.standing(
        'enrichment',
        async () => {
          // Answers the fetch that is open at the stop. Without it our order could be fetched
          // alone, and be approved before the next fetch tells that it is overdue.
          const sooner = await story.place(first!, { sku: 'recipe-book' });
          await story.told(sooner, 'OrderPlaced');
          const late = await story.place(buyer!);
          await story.told(late, 'OrderPlaced');
          await story.overdue(late);
          return late;
        },
        killed ? 'is killed' : 'goes on',
      );
      await story.atRest();
      expect(await story.ending(id)).toEqual(tooLate);
      await story.stockBecomes('espresso-cup', before);
    });
  });
}

test.describe('the last pieces', () => {
  interface Sale {
    readonly sold: number;
    readonly amount: string;
    /** What the others are told. */
    readonly reason: RegExp;
  }
  function expectSold(endings: readonly Ending[], { sold, amount, reason }: Sale): void {
    const got = endings.filter(({ statuses }) => statuses.includes('booked'));
    const missed = endings.filter(({ statuses }) => !statuses.includes('booked'));
    expect(got).toEqual(Array.from({ length: sold }, () => booked(amount)));
    expect(missed).toHaveLength(endings.length - sold);
    for (const ending of missed) {
      expect(ending.reason).toMatch(reason);
      expect({ ...ending, reason: '' }).toEqual(unpaid(REJECTED, ''));
    }
  }

  /** Whoever has one gives it back, and gets the money back. */
  async function returnPrints(story: OrderStory): Promise<void> {
    const sold = await story.rows<{ id: string; buyer: string }>(
      'orders',
      `SELECT id, customer_id AS buyer FROM orders JOIN order_lines ON order_id = id
       WHERE sku = 'limited-print' AND status = 'booked'`,
    );
    for (const { id, buyer } of sold) {
      await story.cancel(await story.client.openSession(buyer), id);
    }
    await story.stockBecomes('limited-print', 10);
  }

  for (const killed of [false, true]) {
    const when = killed ? ', enrichment killed in the middle' : '';
    test(`500 orders race for ten limited prints${when}: ten are sold`, async ({ system }) => {
      const story = new OrderStory(system);
      await returnPrints(story);
      const buyers = await openSessions(story.client, CUSTOMERS);
      const ids = await Promise.all(
        Array.from({ length: 500 }, (_, n) =>
          story.place(buyers[n % CUSTOMERS]!, { sku: 'limited-print' }),
        ),
      );
      if (killed) await story.killedInTheMiddle('enrichment', ids);
      await story.atRest();
      const reason = /^Limited print is out of stock\.$/;
      expectSold(await story.endings(ids), { sold: 10, amount: '4900', reason });
      await story.stockBecomes('limited-print', 0);
    });
  }

  test('100 orders of 77 hand mills, enrichment killed meanwhile: 64 are served', async ({
    system,
  }) => {
    const story = new OrderStory(system);
    await story.stockBecomes('hand-mill', 5_000);
    const buyers = await openSessions(story.client, CUSTOMERS);
    const wish = { sku: 'hand-mill', quantity: 77 };
    const ids = await Promise.all(buyers.map((buyer) => story.place(buyer, wish)));
    await story.killedInTheMiddle('enrichment', ids);
    await story.atRest();
    const reason = /^Hand mill: you asked for 77, \d\d are left\.$/;
    expectSold(await story.endings(ids), { sold: 64, amount: '993300', reason });
    await story.stockBecomes('hand-mill', 5_000 - 64 * 77);
  });
});

test('forty orders of one customer at one moment: twenty are booked', async ({ system }) => {
  const story = new OrderStory(system);
  const buyer = await story.client.openSession();
  const wish = { sku: 'recipe-book' };
  const ids = await Promise.all(Array.from({ length: 40 }, () => story.place(buyer, wish)));
  await story.atRest();
  const endings = await story.endings(ids);
  const refused = endings.filter(({ statuses }) => statuses.includes('rejected'));
  expect(refused).toEqual(Array.from({ length: 20 }, () => tooMany));
  for (const ending of endings.filter((one) => !refused.includes(one))) {
    expect(ending).toEqual(booked('1650'));
  }
});

test('an order that was approved a moment before it was overdue is booked', async ({ system }) => {
  const story = new OrderStory(system);
  const buyer = await story.client.openSession();
  const before = await story.stock('espresso-cup');

  // Keeps the order service from storing facts until it has told that an order is overdue.
  const held = story.rows(
    'orders',
    `DO $$ DECLARE since timestamptz := clock_timestamp(); BEGIN
       LOCK TABLE order_facts IN ACCESS EXCLUSIVE MODE;
       WHILE NOT EXISTS (SELECT FROM outbox_archive
         WHERE type = 'OrderOverdue' AND archived_at > since) LOOP PERFORM pg_sleep(0.05);
       END LOOP;
     END $$`,
  );
  await until({ what: 'facts are held back', withinMs: 10_000 }, async () => {
    const locks = `SELECT FROM pg_locks WHERE relation = 'order_facts'::regclass AND granted
      AND mode = 'AccessExclusiveLock'`;
    return (await story.rows('orders', locks)).length > 0;
  });
  const id = await story.place(buyer);
  await story.charged(id);
  await story.overdue(id);
  await held;

  await story.atRest();
  expect(await story.ending(id)).toEqual(booked('2100'));
  await story.stockBecomes('espresso-cup', before - 1);
});
