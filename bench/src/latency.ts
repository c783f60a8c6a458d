import { rmSync } from 'node:fs';
import { audit } from '@checkout/proof';
import {
  chosenEnrichment,
  openSessions,
  query,
  ShopClient,
  startSystem,
  type System,
} from '@checkout/testkit';
import {
  ALLOWED_DEVIATION,
  backwards,
  deviation,
  figures,
  figuresOf,
  type HopFigures,
  type OrderTimes,
  queueOf,
} from './hops.js';
import { circumstances } from './machine.js';
import { openFolder } from './open-folder.js';
import { openLoop } from './open-loop.js';
import { momentsOf } from './order-moments.js';
import { settle } from './settle.js';
import { ms, percent, table } from './table.js';

/**
 * From the accepted order to the booked one, hop by hop, under a steady rate.
 *
 * Guarantee: a figure is printed only for a run in which every accepted order was charged once and
 * booked once, and whose hops add up, order by order. A fast system that lost an order has no
 * latency.
 */
export interface LatencyOptions {
  readonly signal: AbortSignal;
  /** Orders a second, one after the other on the same system. */
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly customers: number;
}

/** Compilers and pools get warm; these orders are judged and not measured. */
const WARM_UP_SECONDS = 15;
/** Fraud refuses a customer's 21st order in a minute. */
const LEAST_CUSTOMERS = 1_000;
const REST_WITHIN_MS = 60_000;

export async function latency(options: LatencyOptions): Promise<void> {
  if (options.customers < LEAST_CUSTOMERS) throw new Error(`at least ${LEAST_CUSTOMERS} customers`);
  const runDir = openFolder('checkout-bench-');
  try {
    const system = await startSystem({
      runDir,
      env: chosenEnrichment(),
      signal: options.signal,
      report: (line) => console.error(line),
    });
    try {
      console.log(circumstances());
      const shop = await openShop(system, options.customers);
      for (const perSecond of options.rates) {
        console.log(`\n${await measure(shop, { perSecond, seconds: options.seconds })}`);
      }
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
}

/** The running shop and its customers, who take turns. */
interface Shop {
  readonly system: System;
  readonly customers: number;
  /** Sends the next order; resolves to its id when it was accepted. */
  order(): Promise<string>;
  /** Orders so far. */
  sent: number;
}

async function openShop(system: System, customers: number): Promise<Shop> {
  const client = new ShopClient(system.url);
  const sessions = await openSessions(client, customers);
  const skus = await plentifulSkus(client);
  const shop: Shop = {
    system,
    customers,
    sent: 0,
    async order() {
      const session = sessions[shop.sent % sessions.length];
      const sku = skus[shop.sent % skus.length];
      if (!session || !sku) throw new Error('there is nobody to order, or nothing');
      shop.sent += 1;
      const wish = { lines: [{ sku, quantity: 1 }], paymentMethod: 'pm_card_visa' };
      return (await client.placeOrder(session, wish)).id;
    },
  };
  return shop;
}

interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

async function measure(shop: Shop, { perSecond, seconds }: Rate): Promise<string> {
  const { system, customers } = shop;
  const send = () => shop.order();
  console.error(`${WARM_UP_SECONDS} s of warming up, ${seconds} s at ${perSecond} orders/s`);
  await openLoop({ perSecond, count: WARM_UP_SECONDS * perSecond, send });
  const sent = await openLoop({ perSecond, count: seconds * perSecond, send });

  const verdict = await audit({ ...system, settleWithinMs: REST_WITHIN_MS });
  settle({ audit: verdict, sent: shop.sent, booked: await countBooked(system) });
  const accepted = new Map(sent.map(({ value, answeredAt }) => [value, answeredAt]));
  const orders = await momentsOf(system, accepted);
  const worst = addUp(orders);
  const answers = figures(
    'order due → 201 answered',
    sent.map(({ dueAt, answeredAt }) => answeredAt - dueAt),
  );
  const conditions = [
    `load      ${orders.length} orders at ${perSecond}/s from ${customers} customers, open loop`,
    `verdict   held: ${verdict.orders} orders, ${verdict.examined} rows examined`,
    `sums      each order's hops add up to its total, at worst ${percent(worst)} off`,
  ];
  const queue = queueOf(orders, perSecond);
  if (queue !== undefined) {
    const why = `${queue} orders were on their way when the last one came`;
    return [...conditions, `rate      not sustained: ${why}`].join('\n');
  }
  const { hops, total } = figuresOf(orders);
  return [
    ...conditions,
    '',
    table(['hop', 'mean', 'p50', 'p99'], [...hops, total, answers].map(row)),
  ].join('\n');
}

async function countBooked(system: System): Promise<number> {
  const sql = `SELECT count(*)::integer AS booked FROM orders WHERE status = 'booked'`;
  const [row] = await query<{ booked: number }>(system.databaseUrl('orders'), sql);
  return row?.booked ?? 0;
}

/** Throws unless each order's hops are its total; returns how far the worst one is off. */
function addUp(orders: readonly OrderTimes[]): number {
  const off = orders.filter((times) => deviation(times) > ALLOWED_DEVIATION);
  const worst = orders.reduce((found, one) => (deviation(one) > deviation(found) ? one : found));
  if (off.length === 0) return deviation(worst);
  throw new Error(
    `the hops of ${off.length} of ${orders.length} orders do not add up to their totals, ` +
      `so no figures; the worst is ${percent(deviation(worst))} off (${backwards(worst)})`,
  );
}

const row = ({ title, mean, p50, p99 }: HopFigures): string[] => [
  title,
  ms(mean),
  ms(p50),
  ms(p99),
];

/** Enough pieces for any run, so that no order is refused for want of stock. */
const PLENTY = 100_000;

async function plentifulSkus(client: ShopClient): Promise<readonly string[]> {
  const products = await client.products();
  const skus = products.filter(({ available }) => available >= PLENTY).map(({ sku }) => sku);
  if (skus.length === 0) throw new Error(`no product has ${PLENTY} pieces`);
  return skus;
}
