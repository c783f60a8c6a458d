import type { DataRecord } from '../evidence/kafka-log.js';
import type { AnySeen } from '../log-view.js';
import { factKindOf } from '../invariants/marks.js';
import type { World } from './simulated-world.js';

const GROUP = 'order.status';
const AFTER: Readonly<Record<string, string>> = {
  approved: 'placed',
  rejected: 'placed',
  paid: 'approved',
  payment_failed: 'approved',
  cancelled: 'approved',
  booked: 'paid',
  refunded: 'booked',
};

/** For the customer. */
export const REASONS: Readonly<Record<string, string>> = {
  rejected: 'In words for the customer.',
  payment_failed: 'The bank declined the card. Nothing was charged.',
  cancelled: 'Cancelled; nothing was charged.',
  refunded: 'Cancelled; the money was returned.',
};

/** The order service's projection: facts, each once, in any order; the status follows from them. */
export function project(world: World): (event: AnySeen, record: DataRecord) => void {
  const seen = new Set<string>();
  return (event, { topic, partition, offset }) => {
    if (seen.has(event.id)) return;
    seen.add(event.id);
    world.orders.inbox.push({ group: GROUP, eventId: event.id });
    if (event.type === 'StockLevelChanged') {
      const { sku, bucket, available } = event.payload;
      const known = world.orders.levels.find((one) => one.bucket === bucket);
      const level = { bucket, sku, available, partition, offset };
      if (!known) world.orders.levels.push(level);
      else if (known.offset < offset) Object.assign(known, level);
      return;
    }
    const kind = factKindOf(event);
    const { orderId } = event;
    if (kind === null || orderId === null) return;
    const known = world.orders.facts.some((one) => one.orderId === orderId && one.kind === kind);
    if (!known) {
      const fact = { orderId, kind, reason: REASONS[kind] ?? null, eventId: event.id };
      world.orders.facts.push({ ...fact, topic, partition, offset });
    }
    moveOn(world, orderId);
  };
}

function moveOn(world: World, orderId: string): void {
  const order = world.orders.orders.find(({ id }) => id === orderId);
  if (!order) return;
  const kinds = world.orders.facts.filter((one) => one.orderId === orderId).map(({ kind }) => kind);
  const path = kinds.map(pathTo).reduce((best, one) => (one.length > best.length ? one : best), []);
  for (const [i, status] of path.entries()) {
    const version = i + 2;
    if (version <= order.version) continue;
    const reason = REASONS[status] ?? null;
    world.orderIs(order, { version, status, reason });
    Object.assign(order, { status, version, reason });
  }
}

function pathTo(kind: string): string[] {
  const before = AFTER[kind] ?? 'placed';
  return before === 'placed' ? [kind] : [...pathTo(before), kind];
}

/** The sink: each transaction id once, with the very bytes of its record. */
export function sink(world: World): (event: AnySeen, record: DataRecord) => void {
  return (_event, { key, value }) => {
    const transactionId = key ?? '';
    if (world.ledger.entries.some((row) => row.transactionId === transactionId)) return;
    world.ledger.entries.push({ transactionId, entry: value ?? '' });
  };
}
