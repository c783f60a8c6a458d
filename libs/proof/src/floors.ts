import type { Evidence } from './evidence/evidence.js';
import type { Invariant } from './invariant.js';

type Floors = Partial<Record<Invariant['id'], (evidence: Evidence) => number>>;

/**
 * How many rows an invariant must have looked at, at the least: as many as there are of what it is
 * about, counted here and not by itself. One that looks at every order has the orders for a floor,
 * without being named here.
 *
 * What was never observed has no floor: its line says so. What age or compaction may have taken is
 * not counted. A02 and A03 are about what clients do not know, which nobody else can count.
 */
export const floors: Floors = {
  A01: ({ recordings }) =>
    (recordings.history ?? []).filter(({ result }) => result === 'ok').length,
  A05: ({ orders, payments }) => orders.outbox.length + payments.outbox.length,
  A06: ({ orders, payments }) => published(orders) + published(payments),
  A07: ({ orders }) => orders.facts.length,
  A08: ({ orders, payments }) => published(orders) + published(payments),
  A09: ({ recordings }) => readBy(recordings),
  A10: ({ orders, payments }) => published(orders) + published(payments),
  A11: ({ kafka }) => kafka.logs.length + kafka.groups.length,
  A12: ({ orders }) => orders.facts.length,
  A14: ({ payments }) => payments.payments.length,
  A17: ({ gateway }) => gateway.intents.length + moved(gateway),
  A18: ({ gateway }) => gateway.books.requests.filter(({ method }) => method === 'POST').length,
  A19: ({ payments }) => payments.attempts.length,
  A20: ({ payments, gateway }) => payments.attempts.length + gateway.books.requests.length,
  A22: ({ ledger }) => ledger.entries.length,
  A23: ({ payments }) => published(payments),
  A24: ({ ledger }) => ledger.entries.length,
  A25: ({ ledger, recordings }) => ledger.entries.length + remembered(recordings),
  A26: ({ recordings }) => remembered(recordings),
  A27: ({ gateway, payments }) => gateway.events.length + payments.webhooks.length,
  A31: ({ orders }) => orders.orders.length,
  A35: ({ kafka }) => kafka.logs.reduce((sum, { records }) => sum + records.length, 0),
  A36: ({ orders, payments }) => orders.facts.length + payments.payments.length,
};

function published({ outbox }: Evidence['orders' | 'payments']): number {
  return outbox.filter(({ type, published: place }) => place !== null && type !== 'Canary').length;
}

function moved({ books }: Evidence['gateway']): number {
  return books.charges.length + books.refunds.length;
}

function readBy({ consumed }: Evidence['recordings']): number {
  const events = (consumed ?? []).flatMap((life) => life.events);
  return events.reduce((sum, one) => sum + (one.kind === 'read' ? one.records.length : 0), 0);
}

function remembered({ checkpoint }: Evidence['recordings']): number {
  return Object.keys(checkpoint?.entries ?? {}).length;
}
