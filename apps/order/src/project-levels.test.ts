import type { Delivery } from '@checkout/eos';
import { type AnyEvent, eventId, topics } from '@checkout/events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, delivery } from './testing/deliveries.js';
import { orderApplication, type OrderApplication } from './testing/order-application.js';

let order: OrderApplication;
beforeAll(async () => {
  order = await orderApplication();
}, 30_000);
afterAll(() => order.stop());

let events = 0;
function level(available: number, offset: bigint, bucket = 'milk-jug/0'): Delivery<AnyEvent> {
  const id = eventId('0190a6b2-6f00-7000-8000-000000000001', 'StockLevelChanged', `${events++}`);
  const [sku = ''] = bucket.split('/');
  const payload = { sku, bucket, available, occurredAt: at(1) };
  const what = { id, payload, writtenAt: at(1) };
  const said = delivery(topics.inventoryLevels.name, 'StockLevelChanged', what);
  return { ...said, record: { ...said.record, offset } };
}

async function shown(): Promise<number | undefined> {
  const answer = await order.app.inject({ url: '/api/products' });
  const { data } = answer.json<{ data: { sku: string; available: number }[] }>();
  return data.find(({ sku }) => sku === 'milk-jug')?.available;
}

describe('levels of stock', () => {
  test('the newest one is shown; an older one and a repeat change nothing', async () => {
    expect(await shown()).toBe(20_000);
    await order.hear([level(19_998, 10n), level(19_997, 11n)]);
    expect(await shown()).toBe(19_997);
    await order.hear([level(19_998, 10n)]);
    expect(await shown()).toBe(19_997);
    await order.hear([level(19_990, 12n)]);
    expect(await shown()).toBe(19_990);
  });

  test('those of all its buckets are shown as one number, each by its own newest', async () => {
    await order.hear([level(100, 20n), level(5, 20n, 'milk-jug/1'), level(7, 21n, 'milk-jug/2')]);
    expect(await shown()).toBe(112);
    await order.hear([level(4, 22n, 'milk-jug/1'), level(9, 20n, 'milk-jug/2')]);
    expect(await shown()).toBe(111);
  });

  test('of a product that is not in the catalogue are passed over', async () => {
    await order.hear([level(3, 30n, 'tea-pot/0'), level(2, 31n, 'milk-jug/1')]);
    expect(await shown()).toBe(109);
    const kept = `SELECT count(*)::integer AS levels FROM stock_levels WHERE sku = 'tea-pot'`;
    expect(await order.database.query(kept)).toEqual([{ levels: 0 }]);
  });
});
