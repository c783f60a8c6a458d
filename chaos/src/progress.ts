import { query, until } from '@checkout/testkit';

/** How far the orders are. */
interface Progress {
  readonly placed: number;
  readonly final: number;
}

const COUNTS = `
  SELECT count(*)::integer AS placed,
    count(*) FILTER (WHERE status NOT IN ('placed', 'approved', 'paid'))::integer AS final
  FROM orders`;

/** Orders that were brought to an end, as a sign that work goes on. */
const ENDED = 5;
/** The slowest recovery: a frozen enrichment, and then a killed broker. */
const MOVES_WITHIN_MS = 90_000;

/** Orders come to an end again; when they do not, that is what the run has found. */
export async function moves(ordersUrl: string): Promise<void> {
  let before: number | undefined;
  await until({ what: 'orders move on', withinMs: MOVES_WITHIN_MS, everyMs: 100 }, async () => {
    const now = await counted(ordersUrl);
    before ??= now.final;
    if (now.final < before + ENDED) throw new Error(`${now.final} of ${now.placed} are final`);
    return true;
  });
}

/**
 * How many orders are on their way, as soon as there is one, so that a blow meets something.
 * Undefined while the database that knows is away.
 */
export async function someInFlight(ordersUrl: string): Promise<number | undefined> {
  const next = { what: 'an order is on its way', withinMs: MOVES_WITHIN_MS, everyMs: 5 };
  const inFlight = await until(next, async () => {
    const now = await counted(ordersUrl).catch(() => undefined);
    if (now === undefined) return 'away';
    return now.placed > now.final && now.placed - now.final;
  });
  return inFlight === 'away' ? undefined : inFlight;
}

async function counted(ordersUrl: string): Promise<Progress> {
  const [row] = await query<Progress>(ordersUrl, COUNTS);
  if (!row) throw new Error('the orders were not counted');
  return row;
}
