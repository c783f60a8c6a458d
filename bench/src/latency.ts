import { rmSync } from 'node:fs';
import {
  judge,
  openSessions,
  ShopClient,
  startSystem,
  type System,
  type Verdict,
} from '@checkout/testkit';
import {
  ALLOWED_DEVIATION,
  backwards,
  deviation,
  figures,
  figuresOf,
  type HopFigures,
  type OrderTimes,
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
  readonly perSecond: number;
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
    const system = await startSystem({ runDir, report: (line) => console.error(line) });
    try {
      console.log(await measure(system, options));
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
}

async function measure(system: System, options: LatencyOptions): Promise<string> {
  const { perSecond, seconds, customers } = options;
  const client = new ShopClient(system.url);
  const sessions = await openSessions(client, customers);
  const skus = await plentifulSkus(client);
  const send = async (n: number): Promise<string> => {
    const session = sessions[n % sessions.length];
    const sku = skus[n % skus.length];
    if (!session || !sku) throw new Error('there is nobody to order, or nothing');
    const lines = [{ sku, quantity: 1 }];
    return (await client.placeOrder(session, { lines, paymentMethod: 'pm_card_visa' })).id;
  };
  console.error(`${WARM_UP_SECONDS} s of warming up, ${seconds} s at ${perSecond} orders/s`);
  const warmUp = await openLoop({ perSecond, count: WARM_UP_SECONDS * perSecond, send });
  const sent = await openLoop({
    perSecond,
    count: seconds * perSecond,
    send: (n) => send(n + warmUp.length),
  });

  const verdict = await judge(system, { withinMs: REST_WITHIN_MS });
  settle(verdict, warmUp.length + sent.length);
  const accepted = new Map(sent.map(({ value, answeredAt }) => [value, answeredAt]));
  const orders = await momentsOf(system, accepted);
  const worst = addUp(orders);
  const answers = figures(
    'order due → 201 answered',
    sent.map(({ dueAt, answeredAt }) => answeredAt - dueAt),
  );
  const { hops, total } = figuresOf(orders);
  return [
    circumstances(),
    `load      ${orders.length} orders at ${perSecond}/s from ${customers} customers, open loop`,
    `verdict   ${counts(verdict)}, all match`,
    `sums      each order's hops add up to its total, at worst ${percent(worst)} off`,
    '',
    table(['hop', 'mean', 'p50', 'p99'], [...hops, total, answers].map(row)),
  ].join('\n');
}

const counts = ({ orders, charges, entries }: Verdict): string =>
  `${orders} orders, ${charges} charges, ${entries} ledger entries`;

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
