import type { IntentRow } from '../evidence/rows.js';
import { snapshot } from './snapshot.js';

/** The intents are not in the books, which know only what has happened to money. */
const INTENTS = `
  SELECT id, amount::text, upper(currency) AS currency, status, metadata ->> 'order_id' AS "orderId"
  FROM payment_intents`;

export function readIntents(url: string): Promise<IntentRow[]> {
  return snapshot(url, async (ask) => {
    const rows = await ask<Omit<IntentRow, 'amount'> & { amount: string }>(INTENTS);
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
  });
}
