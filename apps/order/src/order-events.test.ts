import type { OrderView } from '@checkout/api';
import { until } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { OrderStreams } from './order-streams.js';
import { projectStatus } from './project-status.handler.js';
import { statusProcessor } from './runners.js';
import { approved, at, booked, cancelled, paid } from './testing/deliveries.js';
import {
  applicationOn,
  bearer,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  placed,
  quiet,
  signIn,
} from './testing/order-application.js';

let order: OrderApplication;
let url: string;
beforeAll(async () => {
  order = await orderApplication();
  await order.app.listen(0, '127.0.0.1');
  url = await order.app.getUrl();
}, 30_000);
afterAll(() => order.stop());

const open = new Set<AbortController>();
afterEach(() => {
  for (const stream of open) stream.abort();
  open.clear();
});

interface Told {
  readonly id: string;
  readonly order: OrderView;
}

/** Reads a stream as a browser does, and collects what it is told. */
async function follow(customer: Customer, lastEventId?: string) {
  const controller = new AbortController();
  open.add(controller);
  const answer = await fetch(`${url}/api/events`, {
    headers: { ...bearer(customer), ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    signal: controller.signal,
  });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const told: Told[] = [];
  void collect(answer, told).catch(() => undefined);
  return {
    told,
    versions: () => told.map(({ order: { status, version } }) => `${version} ${status}`),
    async has(count: number, withinMs = 1_500) {
      const what = `${count} changes are told`;
      await until({ what, withinMs, everyMs: 10 }, () => told.length >= count);
      return told;
    },
    close: () => controller.abort(),
  };
}

async function collect(answer: Response, told: Told[]): Promise<void> {
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const found = /^id: (\d+)\nevent: order\ndata: (.*)$/.exec(message);
      if (found) told.push({ id: found[1]!, order: JSON.parse(found[2]!) as Told['order'] });
    }
  }
}

test('a page that opens is told the history of recent orders, then what happens', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  const stream = await follow(customer);
  await stream.has(1);
  await order.hear([approved(id), booked(id)]);
  await stream.has(4);
  expect(stream.versions()).toEqual(['1 placed', '2 approved', '3 paid', '4 booked']);
  const seen = await order.app.inject({ url: `/api/orders/${id}`, headers: bearer(customer) });
  expect(stream.told.at(-1)?.order).toEqual(seen.json());
});

test('each change is told with the history up to it, and the times of its facts', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  await order.hear([approved(id), paid(id)]);
  const stream = await follow(customer);
  const orders = (await stream.has(3)).map((told) => told.order);
  const steps = [
    { status: 'placed', at: orders[0]?.placedAt },
    { status: 'approved', at: at(1) },
    { status: 'paid', at: at(2) },
  ];
  expect(orders.map(({ history }) => history)).toEqual([1, 2, 3].map((n) => steps.slice(0, n)));
});

test('a page that comes back is told what it missed, and nothing twice', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  const before = await follow(customer);
  const [first] = await before.has(1);
  before.close();
  await order.hear([approved(id)]);
  await order.hear([paid(id)]);

  const after = await follow(customer, first!.id);
  await after.has(2);
  expect(after.versions()).toEqual(['2 approved', '3 paid']);
});

test('many changes are told in their order, each once, over several looks', async () => {
  const customer = await signIn(order.app);
  const ids: string[] = [];
  for (let n = 0; n < 120; n += 1) ids.push(await placed(order.app, customer, `order ${n}`));
  const stream = await follow(customer);
  await stream.has(120);
  await order.hear([approved(ids[0]!)]);
  await stream.has(121);
  expect(stream.told.map((told) => told.order.id)).toEqual([...ids, ids[0]]);
}, 20_000);

test.each(['0', '999999999', 'nonsense', '99999999999999999999'])(
  'a page that asks for what came after %s, which it cannot have seen, begins anew',
  async (lastEventId) => {
    const customer = await signIn(order.app);
    await placed(order.app, customer, 'first');
    const stream = await follow(customer, lastEventId);
    await stream.has(1);
    expect(stream.versions()).toEqual(['1 placed']);
  },
);

test('a program that only asks whether there is a stream opens none', async () => {
  const customer = await signIn(order.app);
  const streams = order.app.get(OrderStreams);
  const watch = streams.watch.bind(streams);
  const watched: string[] = [];
  streams.watch = (customerId) => {
    watched.push(customerId);
    return watch(customerId);
  };
  const answer = await fetch(`${url}/api/events`, { method: 'HEAD', headers: bearer(customer) });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(watched).toEqual([]);
});

test("another customer's orders are not told", async () => {
  const [mine, theirs] = [await signIn(order.app), await signIn(order.app)];
  const stream = await follow(mine);
  await placed(order.app, theirs, 'theirs');
  const id = await placed(order.app, mine, 'mine');
  await stream.has(1);
  expect(stream.told.map((told) => told.order.id)).toEqual([id]);
});

test('a change that another replica wrote is told, too', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  const stream = await follow(customer);
  await stream.has(1);
  const dataSource = order.app.get(DataSource);
  const replica = statusProcessor({ dataSource, streams: new OrderStreams(), log: quiet });
  await replica([approved(id)]);
  await stream.has(2, 4_000);
  expect(stream.versions()).toEqual(['1 placed', '2 approved']);
});

const wishFor = (id: string, customer: Customer, app = order.app) =>
  app.inject({
    method: 'POST',
    url: `/api/orders/${id}/cancel`,
    headers: { ...bearer(customer), 'idempotency-key': `cancel-${id}` },
  });

test('a wish to cancel is told at once, in the version that the order has, and once', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  await order.hear([approved(id)]);
  const stream = await follow(customer);
  await stream.has(2);
  const answers = [await wishFor(id, customer), await wishFor(id, customer)];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);

  await stream.has(3, 1_000);
  expect(stream.versions()).toEqual(['1 placed', '2 approved', '2 approved']);
  expect(stream.told.at(-1)?.order).toEqual(answers[0]?.json());
  await order.hear([cancelled(id)]);
  await stream.has(4);
  expect(stream.versions().at(-1)).toBe('3 cancelled');

  const late = await follow(customer, stream.told[1]?.id);
  await late.has(2);
  expect(late.versions()).toEqual(['2 approved', '3 cancelled']);
});

test('whoever is told later is told the same: no change knows of a later wish', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  await order.hear([approved(id)]);
  const stream = await follow(customer);
  await stream.has(2);
  await wishFor(id, customer);
  await order.hear([cancelled(id)]);
  await stream.has(4);
  const wished = stream.told.map((told) => told.order.cancelRequested ?? false);
  expect(wished).toEqual([false, false, true, true]);

  const late = await follow(customer);
  await late.has(4);
  expect(late.told).toEqual(stream.told);
});

test('a wish that another replica took is told, too', async () => {
  const customer = await signIn(order.app);
  const id = await placed(order.app, customer, 'first');
  const stream = await follow(customer);
  await stream.has(1);
  const replica = await applicationOn(configFor(order.database.url));
  await wishFor(id, customer, replica).finally(() => replica.close());
  await stream.has(2, 4_000);
  expect(stream.told.at(-1)?.order).toMatchObject({ version: 1, cancelRequested: true });
});

test('a change whose commit comes late is not lost behind a faster one', async () => {
  const customer = await signIn(order.app);
  const slow = await placed(order.app, customer, 'slow');
  const stream = await follow(customer);
  await stream.has(1);

  const session = order.app.get(DataSource).createQueryRunner();
  await session.startTransaction();
  const said = approved(slow);
  if ('event' in said) await projectStatus(session.manager, [said]);
  const fast = place(order.app, customer, { key: 'fast' });
  await until({ what: 'the faster writer waits its turn', withinMs: 4_000 }, async () => {
    const waiting = await order.database.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
    );
    return waiting.length > 0;
  });
  await session.commitTransaction();
  await session.release();
  await fast;

  await stream.has(3, 4_000);
  const rows = await order.database.query<{ seq: string }>(
    'SELECT seq FROM order_events WHERE customer_id = $1 ORDER BY seq',
    [customer.customerId],
  );
  expect(stream.told.map((told) => told.id)).toEqual(rows.map(({ seq }) => seq));
  expect(stream.versions()).toEqual(['1 placed', '2 approved', '1 placed']);
});
