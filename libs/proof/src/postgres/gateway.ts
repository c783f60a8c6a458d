import type { GatewayEvidence } from '../evidence/evidence.js';
import type { GatewayEventRow, IntentRow } from '../evidence/rows.js';
import { snapshot } from './snapshot.js';

/** The intents are not in the books, which know only what has happened to money. */
const INTENTS = `
  SELECT id, amount::text, upper(currency) AS currency, status,
    payment_method AS "paymentMethod", metadata ->> 'order_id' AS "orderId"
  FROM payment_intents`;

/** An event shows an intent, or a charge of one. */
const EVENTS = `
  SELECT id, type, order_id AS "orderId",
    coalesce(object ->> 'payment_intent', object ->> 'id') AS "intentId",
    (SELECT count(delivered)::integer FROM webhook_deliveries WHERE event = events.id)
      AS acknowledged
  FROM events`;

export function readGateway(url: string): Promise<Omit<GatewayEvidence, 'books'>> {
  return snapshot(url, async (ask) => {
    const intents = await ask<Omit<IntentRow, 'amount'> & { amount: string }>(INTENTS);
    return {
      intents: intents.map((row) => ({ ...row, amount: BigInt(row.amount) })),
      events: await ask<GatewayEventRow>(EVENTS),
    };
  });
}
