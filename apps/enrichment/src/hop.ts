import type { KnownFact } from '@checkout/api';
import type { InputRecord } from '@checkout/eos';
import { topics, type AnyEvent } from '@checkout/events';

export const HOP_EVENTS = [
  ...topics.checks.events,
  ...topics.ordersApproved.events,
  ...topics.ordersRejected.events,
] as const;
type Hop = AnyEvent<(typeof HOP_EVENTS)[number]>;

/** What one record says of an order's way through this service, in words and by its place. */
export function hopOf(event: Hop, record: InputRecord): KnownFact {
  const { id: eventId, type, causationId, payload } = event;
  const { at, details } = placeOf(record);
  const { occurredAt } = payload;
  return { at, ...wordsOf(event), details: { ...details, type, eventId, causationId, occurredAt } };
}

export function placeOf(record: InputRecord): Pick<KnownFact, 'at' | 'details'> {
  const { topic, partition, offset, timestamp } = record;
  const at = new Date(timestamp).toISOString();
  return { at, details: { topic, partition, offset: offset.toString() } };
}

function wordsOf({ type, payload }: Hop): Pick<KnownFact, 'what' | 'text'> {
  switch (type) {
    case 'OrderOpened': {
      const count = payload.lines.length;
      const lines = count === 1 ? 'one line' : `${count} lines`;
      return { what: 'split', text: `Asked about ${lines} of stock, and about fraud.` };
    }
    case 'StockReserved': {
      const { quantity, sku, bucket } = payload;
      return { what: 'stock', text: `Stock reserved: ${quantity} × ${sku}, of bucket ${bucket}.` };
    }
    case 'StockRefused': {
      const { quantity, sku, available } = payload;
      const text = `Stock refused: ${quantity} × ${sku} were asked for, ${available} are left.`;
      return { what: 'stock', text };
    }
    case 'FraudCleared':
      return { what: 'fraud', text: `Fraud checked: nothing found. ${inWindow(payload)}` };
    case 'FraudRefused':
      return { what: 'fraud', text: `Fraud checked: refused. ${inWindow(payload)}` };
    case 'CheckFailed':
      return { what: 'check', text: `No answer from ${payload.stage}: ${payload.reason}.` };
    case 'PaymentClosed':
      return { what: 'closed', text: `The payment was ${payload.outcome}: stock is given back.` };
    case 'OrderApproved':
      return { what: 'decision', text: 'All answers are in: approved.' };
    case 'OrderRejected': {
      const reasons = payload.reasons.map(({ text }) => text).join(' ');
      return { what: 'decision', text: `Rejected. ${reasons}` };
    }
  }
}

function inWindow({ ordersInWindow }: { readonly ordersInWindow: number }): string {
  return `Orders of this customer within a minute: ${ordersInWindow}.`;
}
