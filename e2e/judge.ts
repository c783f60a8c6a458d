import { audit, reportOf, type Audit } from '@checkout/proof';
import { query, type System } from '@checkout/testkit';
import { join } from 'node:path';

export interface JudgeOptions {
  /** How long the system may take to come to rest. */
  readonly withinMs: number;
  /** Ids of orders that a client was promised: all of them must be there. */
  readonly accepted?: readonly string[];
}

export interface Judged extends Audit {
  /** Of the orders that were promised. */
  readonly byStatus: Readonly<Record<string, number>>;
}

/**
 * Asks the judge (libs/proof) about the whole system, once it is at rest, and throws with every
 * counter-example and the folder of the logs when a promise was broken. A system that does not come
 * to rest has broken one: nothing waits for ever.
 */
export async function judge(
  system: System,
  { withinMs, accepted = [] }: JudgeOptions,
): Promise<Judged> {
  const result = await audit({ ...system, settleWithinMs: withinMs });
  const rows = await query<{ id: string; status: string }>(
    system.databaseUrl('orders'),
    'SELECT id, status FROM orders',
  );
  const known = new Set(rows.map(({ id }) => id));
  const lost = accepted.filter((id) => !known.has(id));
  if (!result.held || result.rest.waitingFor.length > 0 || lost.length > 0) {
    throw new Error(
      [
        ...lost.map((id) => `order ${id} was accepted and is not there`),
        ...reportOf(result).filter((line) => !/^A\d\d {2}(HELD|NOT )/.test(line)),
        `Logs: ${join(system.runDir, 'logs')} (grep for the order's id)`,
      ].join('\n'),
    );
  }
  const promised = rows.filter(({ id }) => accepted.includes(id));
  const groups = Object.entries(Object.groupBy(promised, ({ status }) => status));
  const byStatus = Object.fromEntries(groups.map(([status, some]) => [status, some?.length ?? 0]));
  return { ...result, byStatus };
}
