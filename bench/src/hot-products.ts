import { type Ask, type Drained, Inventory } from './hot-products/inventory.js';
import { type Protocol, QUICK, WHOLE } from './hot-products/protocol.js';
import { type Compared, hotProductsReport } from './hot-products/report.js';
import { SHOPS, type Shop } from './hot-products/shops.js';
import { withWorkbench } from './engine/workbench.js';

/**
 * What it brings to divide a product's stock into buckets, when some products are wanted much more
 * than others: the inventory stage of enrichment as it is, once with a backlog in which every order
 * asks its product's home, once with one in which the order's id says which bucket it asks.
 *
 * Guarantee: a figure is printed only when, after each backlog, an independent reader has found for
 * each request its one StockReserved, and the pieces that were asked for in the rows that hold
 * them. The sides take turns on the same processes, and ratios are taken round by round.
 * Not promised: what more machines would make of it. Processes and broker share this one.
 */
export interface HotProductsOptions {
  readonly signal: AbortSignal;
  readonly quick: boolean;
  /** Another number of them than the protocol has. */
  readonly rounds: number | undefined;
}

export async function hotProducts({ signal, quick, rounds }: HotProductsOptions): Promise<void> {
  const chosen = quick ? QUICK : WHOLE;
  const protocol = { ...chosen, rounds: rounds ?? chosen.rounds };
  const compared: Compared[] = [];
  let judged = 0;
  for (const processes of protocol.processes) {
    await withWorkbench(signal, async (bench) => {
      const inventory = await Inventory.started(bench, SHOPS, processes);
      for (const shop of SHOPS) {
        compared.push({ shop, processes, rounds: await inTurn(inventory, shop, protocol) });
      }
      judged += inventory.given;
    });
  }
  console.log(hotProductsReport(compared, protocol, judged));
}

/** The first round warms up, and is judged, and is no figure. */
async function inTurn(inventory: Inventory, shop: Shop, { lines, rounds }: Protocol) {
  const measured: Record<Ask, Drained>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const drain = (ask: Ask): Promise<Drained> => inventory.drain({ shop, ask, count: lines });
    const first = round % 2 === 0 ? await drain('home') : undefined;
    const buckets = await drain('buckets');
    measured.push({ home: first ?? (await drain('home')), buckets });
    console.error(`${shop.name}: ${round === 0 ? 'warm' : `round ${round} of ${rounds}`}`);
  }
  return measured.slice(1);
}
