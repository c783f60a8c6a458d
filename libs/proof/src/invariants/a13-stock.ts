import type { Case } from '../case.js';
import type { OrderRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a13: Invariant = {
  id: 'A13',
  says: 'No piece is lost or sold twice: what came in is free, held or sold.',
  rule:
    'newest values of enrichment.stock.changelog, per bucket: received = free + held, free ≥ 0; ' +
    'received = Σ StockAdded; an order that may be paid holds exactly its lines, ' +
    'each in a bucket of its product, any other nothing; the published level and the shop’s ' +
    'number are what is free, and a product without a bucket has none',
  everyOrder: true,
  judge(observed) {
    const stock = readStock(observed.log.store('stock'));
    return {
      rows: stock.buckets.size + stock.held.size + observed.evidence.orders.lines.length,
      counterExamples: [
        ...[...stock.buckets].flatMap(([bucket, pieces]) => bucketFaults(bucket, pieces)),
        ...deliveryFaults(observed, stock),
        ...lineFaults(observed, stock),
        ...levelFaults(observed, stock),
      ],
    };
  },
};

interface Pieces {
  free: number;
  held: number;
  received: number;
}

interface Stock {
  readonly buckets: ReadonlyMap<string, Pieces>;
  /** Pieces by order id, line number and product. */
  readonly held: ReadonlyMap<string, number>;
}

interface Row {
  readonly free?: number;
  readonly held?: number;
  readonly counted?: number;
}

/** `bucket`, `bucket|order/line` and `bucket|delivery` are the three kinds of keys. */
function readStock(rows: ReadonlyMap<string, unknown>): Stock {
  const buckets = new Map<string, Pieces>();
  const held = new Map<string, number>();
  for (const [key, value] of rows) {
    const [bucket = '', detail] = key.split('|');
    const row = value as Row;
    const pieces = buckets.get(bucket) ?? { free: 0, held: 0, received: 0 };
    buckets.set(bucket, pieces);
    pieces.free += row.free ?? 0;
    pieces.held += row.held ?? 0;
    pieces.received += row.counted ?? 0;
    if (detail === undefined || row.held === undefined) continue;
    const name = `${detail}/${bucket.split('/')[0]}`;
    held.set(name, (held.get(name) ?? 0) + row.held);
  }
  return { buckets, held };
}

function bucketFaults(bucket: string, { free, held, received }: Pieces): CounterExample[] {
  if (free < 0) return [{ what: `${bucket} has ${free} pieces free` }];
  if (received === free + held) return [];
  return [{ what: `${bucket}: ${received} came in, ${free} are free and ${held} held` }];
}

function deliveryFaults({ evidence }: Case, { buckets }: Stock): CounterExample[] {
  const received = new Map<string, number>();
  for (const [bucket, pieces] of buckets) {
    const sku = bucket.split('/')[0] ?? '';
    received.set(sku, (received.get(sku) ?? 0) + pieces.received);
  }
  const added = new Map<string, number>();
  for (const { type, payload } of evidence.orders.outbox) {
    if (type !== 'StockAdded') continue;
    const { sku, quantity } = JSON.parse(payload) as { sku: string; quantity: number };
    added.set(sku, (added.get(sku) ?? 0) + quantity);
  }
  const skus = new Set([...received.keys(), ...added.keys()]);
  return [...skus].flatMap((sku) => {
    const [sent, came] = [added.get(sku) ?? 0, received.get(sku) ?? 0];
    return sent === came ? [] : [{ what: `${sent} of ${sku} were added, ${came} came in` }];
  });
}

const MAY_BE_PAID = ['approved', 'paid', 'booked'];

function lineFaults({ evidence }: Case, { held }: Stock): CounterExample[] {
  const { orders, lines } = evidence.orders;
  const byId = new Map(orders.map((order) => [order.id, order]));
  const due = new Map(
    lines
      .filter(({ orderId }) => MAY_BE_PAID.includes(byId.get(orderId)?.status ?? ''))
      .map(({ orderId, lineNumber, sku, quantity }) => {
        return [`${orderId}/${lineNumber}/${sku}`, quantity];
      }),
  );
  const wrong = [...new Set([...due.keys(), ...held.keys()])].filter((name) => {
    const undecided = statusOf(byId, name) === 'placed';
    return !undecided && (due.get(name) ?? 0) !== (held.get(name) ?? 0);
  });
  return wrong.map((name) => {
    const [orderId, line, sku] = name.split('/');
    const [is, should] = [held.get(name) ?? 0, due.get(name) ?? 0];
    const which = `line ${line} of an order that is ${statusOf(byId, name)}`;
    return { what: `${which} holds ${is} pieces of ${sku}, not ${should}`, orderId };
  });
}

function statusOf(orders: ReadonlyMap<string, OrderRow>, line: string): string {
  return orders.get(line.split('/')[0] ?? '')?.status ?? 'not there';
}

function levelFaults({ evidence, log }: Case, { buckets }: Stock): CounterExample[] {
  const levels = new Map(
    log.events('inventoryLevels').map(({ payload }) => [payload.sku, payload.available]),
  );
  const shown = new Map(evidence.orders.products.map(({ sku, available }) => [sku, available]));
  const stocked = new Set([...buckets.keys()].map((bucket) => bucket.split('/')[0]));
  const phantoms = [...shown].filter(([sku, available]) => available > 0 && !stocked.has(sku));
  const wrong = [...buckets].flatMap(([bucket, { free }]) => {
    const sku = bucket.split('/')[0] ?? '';
    const [said, shows] = [levels.get(sku), shown.get(sku)];
    if (said !== free) return [{ what: `${free} of ${sku} are free, and ${said} were published` }];
    return shows === free
      ? []
      : [{ what: `${free} of ${sku} are free, and the shop shows ${shows}` }];
  });
  return [
    ...wrong,
    ...phantoms.map(([sku, available]) => ({
      what: `the shop shows ${available} of ${sku}, and there is no stock of it`,
    })),
  ];
}
