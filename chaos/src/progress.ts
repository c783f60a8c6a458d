import { query, until } from '@checkout/testkit';

/** How far the orders are; undefined while the database that knows is away. */
export interface Progress {
  readonly placed: number;
  readonly final: number;
}

const COUNTS = `
  SELECT count(*)::integer AS placed,
    count(*) FILTER (WHERE status NOT IN ('placed', 'approved', 'paid'))::integer AS final
  FROM orders`;

export async function progress(ordersUrl: string): Promise<Progress | undefined> {
  const [row] = await query<Progress>(ordersUrl, COUNTS).catch(() => []);
  return row;
}

/** Steps of orders (accepted, or brought to an end) that show that work goes on. */
const STEPS = 10;
/** The slowest recovery on the way: a frozen enrichment, then a killed broker. */
const MOVES_WITHIN_MS = 90_000;

/** Work goes on; when it does not, that is what the run has found. */
export async function moves(ordersUrl: string): Promise<void> {
  const steps = async (): Promise<number | undefined> => {
    const now = await progress(ordersUrl);
    return now && now.placed + now.final;
  };
  let before: number | undefined;
  await until({ what: 'orders move on', withinMs: MOVES_WITHIN_MS, everyMs: 100 }, async () => {
    const now = await steps();
    before ??= now;
    return now !== undefined && before !== undefined && now >= before + STEPS;
  });
}
