import { orderView } from '@checkout/api';
import { type AnyEvent, eventId } from '@checkout/events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  approved,
  at,
  booked,
  cancelled,
  declined,
  feeBooked,
  paid,
  refunded,
  rejected,
  returned,
  type Say,
} from './testing/deliveries.js';
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

let orders = 0;
const place = () => placed(order.app, customer, `order ${(orders += 1)}`);

async function view(id: string): Promise<unknown> {
  const answer = await order.app.inject({ url: `/api/orders/${id}`, headers: bearer(customer) });
  return orderView.strict().parse(answer.json());
}

const historyOf = (id: string) =>
  order.database.query<{ version: number; status: string; occurred_at: Date }>(
    'SELECT version, status, occurred_at FROM order_history WHERE order_id = $1 ORDER BY version',
    [id],
  );
const statuses = async (id: string) => (await historyOf(id)).map(({ status }) => status);
const told = async (id: string) =>
  (
    await order.database.query<{ version: number }>(
      'SELECT version FROM order_events WHERE order_id = $1 ORDER BY seq',
      [id],
    )
  ).map(({ version }) => version);

describe('facts in order', () => {
  test('lead to booked, one version and one event a step', async () => {
    const id = await place();
    for (const [i, say] of [approved, paid, booked].entries()) {
      await order.hear([say(id)]);
      expect(await view(id)).toMatchObject({ version: i + 2 });
    }
    expect(await view(id)).toMatchObject({ status: 'booked', version: 4 });
    expect(await statuses(id)).toEqual(['placed', 'approved', 'paid', 'booked']);
    expect(await told(id)).toEqual([1, 2, 3, 4]);
  });

  test('date each step by itself and not by what caused it', async () => {
    const id = await place();
    const said = [approved(id, at(1)), paid(id, at(4)), booked(id, at(6))];
    await order.hear(said);
    const caused = said.map((one) => 'event' in one && occurredAtOf(one.event));
    expect(caused).toEqual([at(0), at(4), at(2)]);
    const { history } = orderView.parse(await view(id));
    expect(history.slice(1)).toEqual([
      { status: 'approved', at: at(1) },
      { status: 'paid', at: at(4) },
      { status: 'booked', at: at(6) },
    ]);

    const refused = await place();
    await order.hear([rejected(refused, at(3))]);
    expect(orderView.parse(await view(refused)).history.at(-1)).toEqual({
      status: 'rejected',
      at: at(3),
    });
  });

  test('lead to rejected, with the reasons in plain words', async () => {
    const id = await place();
    await order.hear([rejected(id)]);
    expect(await view(id)).toMatchObject({
      status: 'rejected',
      version: 2,
      reason: 'The last limited-print was sold a moment ago.',
    });
  });

  test('lead to payment_failed, with what the bank said in plain words', async () => {
    const id = await place();
    await order.hear([approved(id), declined(id)]);
    expect(await view(id)).toMatchObject({
      status: 'payment_failed',
      version: 3,
      reason: 'There is not enough money on the card. Nothing was charged.',
    });
  });

  test('lead to cancelled, when the customer wished so in time', async () => {
    const id = await place();
    await order.hear([approved(id), cancelled(id)]);
    expect(await view(id)).toMatchObject({
      status: 'cancelled',
      version: 3,
      reason: 'Cancelled at your request; nothing was charged.',
    });
  });

  test('lead to refunded, once the return of the money is in the books', async () => {
    const id = await place();
    await order.hear([approved(id), paid(id), booked(id), returned(id)]);
    expect(await view(id)).toMatchObject({ status: 'booked', version: 4 });
    await order.hear([refunded(id)]);
    expect(await view(id)).toMatchObject({
      status: 'refunded',
      version: 5,
      reason: 'Cancelled at your request; the money was returned.',
    });
    expect(await told(id)).toEqual([1, 2, 3, 4, 5]);
  });

  test('an entry for something else than the charge books nothing', async () => {
    const id = await place();
    await order.hear([approved(id), paid(id), feeBooked(id)]);
    expect(await view(id)).toMatchObject({ status: 'paid', version: 3 });
  });
});

describe('facts in any order', () => {
  const arrivals: Say[][] = [
    [approved, paid, booked],
    [approved, booked, paid],
    [paid, approved, booked],
    [paid, booked, approved],
    [booked, approved, paid],
    [booked, paid, approved],
  ];

  test.each(arrivals.map((says) => [says.map(nameOf).join(', '), says] as const))(
    '%s: the same history in the end',
    async (_names, says) => {
      const id = await place();
      for (const say of says) await order.hear([say(id), say(id)]);
      expect(await view(id)).toMatchObject({ status: 'booked', version: 4 });
      const times = (await historyOf(id)).slice(1);
      expect(times).toEqual([
        { version: 2, status: 'approved', occurred_at: new Date(at(1)) },
        { version: 3, status: 'paid', occurred_at: new Date(at(2)) },
        { version: 4, status: 'booked', occurred_at: new Date(at(3)) },
      ]);
      expect(await told(id)).toEqual([1, 2, 3, 4]);
    },
  );

  test.each([
    [returned, refunded, booked, paid, approved],
    [refunded, approved, returned, booked, paid],
    [booked, refunded, paid, approved, returned],
  ])('a refund that comes early: the same history in the end', async (...says) => {
    const id = await place();
    for (const say of says) await order.hear([say(id), say(id)]);
    expect(await view(id)).toMatchObject({ status: 'refunded', version: 5 });
    expect((await historyOf(id)).slice(1)).toEqual([
      { version: 2, status: 'approved', occurred_at: new Date(at(1)) },
      { version: 3, status: 'paid', occurred_at: new Date(at(2)) },
      { version: 4, status: 'booked', occurred_at: new Date(at(3)) },
      { version: 5, status: 'refunded', occurred_at: new Date(at(5)) },
    ]);
    expect(await told(id)).toEqual([1, 2, 3, 4, 5]);
  });

  test('delivered by three workers at once, over many orders', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 25; n += 1) ids.push(await place());
    const batches = [approved, paid, booked].map((say) => ids.map((id) => say(id)));
    batches[1]?.reverse();
    await Promise.all(batches.map(order.hear));
    for (const id of ids) {
      expect(await statuses(id)).toEqual(['placed', 'approved', 'paid', 'booked']);
      expect(await told(id)).toEqual([1, 2, 3, 4]);
    }
  });

  test('a repeated batch changes nothing', async () => {
    const id = await place();
    const batch = [approved(id), paid(id)];
    await order.hear(batch);
    const before = [await view(id), await historyOf(id), await told(id)];
    await order.hear(batch);
    await order.hear(batch.toReversed());
    expect([await view(id), await historyOf(id), await told(id)]).toEqual(before);
  });
});

describe('facts that cannot be', () => {
  test('one that contradicts the others is parked, and holds up nothing', async () => {
    const [id, other] = [await place(), await place()];
    await order.hear([booked(id)]);
    await order.hear([approved(other), rejected(id), paid(other)]);
    expect(await view(id)).toMatchObject({ status: 'booked', version: 4 });
    expect(await view(other)).toMatchObject({ status: 'paid' });
    const parked = await order.database.query(
      `SELECT topic, reason FROM parked WHERE event_id = $1`,
      [eventId(id, 'OrderRejected')],
    );
    expect(parked).toEqual([
      {
        topic: 'orders.rejected',
        reason: 'an order cannot be all of: approved, paid, booked, rejected',
      },
    ]);
  });

  test('an order that was cancelled is not paid, whatever else is said', async () => {
    const id = await place();
    await order.hear([cancelled(id)]);
    await order.hear([booked(id)]);
    expect(await view(id)).toMatchObject({ status: 'cancelled', version: 3 });
    const parked = await order.database.query(`SELECT reason FROM parked WHERE event_id = $1`, [
      eventId(id, 'LedgerEntry', 'charge'),
    ]);
    expect(parked).toEqual([
      { reason: 'an order cannot be all of: approved, paid, booked, cancelled' },
    ]);
  });

  test('facts of an order that is not here are kept', async () => {
    const stranger = '0190a6b2-6f00-7000-8000-00000000beef';
    await order.hear([approved(stranger)]);
    const facts = await order.database.query(
      'SELECT kind, topic FROM order_facts WHERE order_id = $1',
      [stranger],
    );
    expect(facts).toEqual([{ kind: 'approved', topic: 'orders.approved' }]);
  });
});

function occurredAtOf({ payload }: AnyEvent): string {
  return payload.occurredAt;
}

function nameOf(say: Say): string {
  const said = say('0190a6b2-6f00-7000-8000-000000000001');
  return 'event' in said ? said.event.type : said.poison;
}
