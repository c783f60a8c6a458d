import { rmSync } from 'node:fs';
import { openSessions, ShopClient, startSystem, type System } from '@checkout/testkit';
import type { HttpLoad } from './acceptance/http-load.js';
import type { InsertLoad } from './acceptance/insert-load.js';
import { type Burst, LoadProcess } from './acceptance/load-process.js';
import { acceptanceReport } from './acceptance/report.js';
import { Side } from './acceptance/side.js';
import { openFolder } from './open-folder.js';

/**
 * How many orders a second the order service accepts over HTTP, against one prepared statement that
 * inserts the same rows into the same PostgreSQL with nothing in front of it.
 *
 * Guarantee: a figure is printed only when every accepted order is stored whole, with its event in
 * its database transaction, and no other order is there. The sides take turns, burst by burst, so
 * that both meet the machine in every mood, and the ratio is taken pair by pair.
 * Not promised: how fast the whole system is. Change data capture and the consumers stand still;
 * `npm run bench -- latency` is about those.
 */
export interface AcceptanceOptions {
  readonly signal: AbortSignal;
  readonly pairs: number;
  readonly seconds: number;
  readonly concurrency: number;
  readonly customers: number;
}

/** Compilers, caches and prepared statements get warm. */
const WARM_UP: Burst = { kind: 'closed', seconds: 3 };
/** Of what the slower side can do: a load at which a queue comes and goes. */
const OPEN_SHARE = 0.5;
const OPEN_PAIRS = 4;

export async function acceptance(options: AcceptanceOptions): Promise<void> {
  const runDir = openFolder('checkout-bench-');
  try {
    const system = await startSystem({
      only: ['order'],
      runDir,
      signal: options.signal,
      // As in production: sentences for a terminal cost as much as the order.
      env: { LOG_FORMAT: 'json' },
      report: (line) => console.error(line),
    });
    try {
      console.log(await compare(system, options));
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
}

async function compare(system: System, options: AcceptanceOptions): Promise<string> {
  const { pairs, seconds } = options;
  const sides = await bothSides(system, options);
  const [ours, theirs] = sides;
  try {
    for (const side of sides) await side.warmUp(WARM_UP);
    await takeTurns(sides, pairs, { kind: 'closed', seconds });
    const slower = Math.min(ours.speed().median, theirs.speed().median);
    const perSecond = Math.floor(slower * OPEN_SHARE);
    await takeTurns(sides, OPEN_PAIRS, { kind: 'open', seconds, perSecond });
    const orders = [await ours.settle(), await theirs.settle()] as const;
    return acceptanceReport({ ours, theirs, orders, perSecond, options });
  } finally {
    for (const side of sides) side.stop();
  }
}

async function takeTurns(sides: readonly Side[], pairs: number, burst: Burst): Promise<void> {
  for (let n = 0; n < pairs; n += 1) {
    // Who comes second finds what the first has left behind, so they change places.
    for (const side of n % 2 === 0 ? sides : sides.toReversed()) await side.run(burst);
    console.error(`${burst.kind} pair ${n + 1} of ${pairs}`);
  }
}

/** Enough pieces for any run; nothing is reserved while enrichment stands still. */
const PLENTY = 20_000;

async function bothSides(
  system: System,
  { concurrency, customers }: AcceptanceOptions,
): Promise<readonly [Side, Side]> {
  const url = `http://127.0.0.1:${system.ports['order']}`;
  const client = new ShopClient(url);
  const sessions = await openSessions(client, customers);
  const all = await client.products();
  const products = all
    .filter(({ available }) => available >= PLENTY)
    .map(({ sku, unitPrice }) => ({ sku, unitPrice: unitPrice.amount }));
  const http: HttpLoad = {
    url,
    tokens: sessions.map(({ token }) => token),
    skus: products.map(({ sku }) => sku),
    paymentMethod: 'pm_bench_http',
    concurrency,
  };
  const insert: InsertLoad = {
    databaseUrl: system.databaseUrl('orders'),
    customers: sessions.map(({ customerId }) => customerId),
    products,
    paymentMethod: 'pm_bench_insert',
    concurrency,
  };
  const [httpLoad, insertLoad] = await Promise.all([
    LoadProcess.start('./http-load.ts', http),
    LoadProcess.start('./insert-load.ts', insert),
  ]);
  return [
    new Side(system, { name: 'over HTTP', load: httpLoad, ...http }),
    new Side(system, { name: 'prepared insert', load: insertLoad, ...insert }),
  ];
}
