import type { Case } from '../case.js';
import type { OrderRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a13: Invariant = {
  id: 'A13',
  says: 'No piece is lost or sold twice: what came in is free, held or sold.',
  rule:
    'newest values of the changelog of stock: free ≥ 0 in each bucket; of each product over ' +
    'all its buckets received = free + held = Σ StockAdded, and nobody waits; an order that may ' +
    'be paid holds exactly its lines, each in a bucket of its product, any other nothing; the ' +
    'published level and the shop’s number are what is free in each bucket, and a product ' +
    'without one has none',
  everyOrder: true,
  judge(observed) {
    const stock = readStock(observed.log.store('stock'));
    return {
      rows: stock.buckets.size + stock.held.size + observed.evidence.orders.lines.length,
      counterExamples: [
        ...[...stock.buckets].flatMap(([bucket, { free }]) =>
          free < 0 ? [{ what: `${bucket} has ${free} pieces free` }] : [],
        ),
        ...productFaults(observed, stock),
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
  /** In order of arrival; the keys of their rows. */
  readonly waiting: readonly string[];
  /** Pieces by order id, line number and product. */
  readonly held: ReadonlyMap<string, number>;
}

interface Row {
  readonly free?: number;
  readonly held?: number;
  readonly counted?: number;
}

/** `bucket`, `bucket|order/line`, `bucket|delivery` and `bucket#number` are the kinds of keys. */
function readStock(rows: ReadonlyMap<string, unknown>): Stock {
  const buckets = new Map<string, Pieces>();
  const held = new Map<string, number>();
  const waiting: string[] = [];
  for (const [key, value] of rows) {
    if (key.includes('#')) {
      waiting.push(key);
      continue;
    }
    const [bucket = '', detail] = key.split('|');
    const row = value as Row;
    const pieces = buckets.get(bucket) ?? { free: 0, held: 0, received: 0 };
    buckets.set(bucket, pieces);
    pieces.free += row.free ?? 0;
    pieces.held += row.held ?? 0;
    pieces.received += row.counted ?? 0;
    if (detail === undefined || row.held === undefined) continue;
    const name = `${detail}/${productOf(bucket)}`;
    held.set(name, (held.get(name) ?? 0) + row.held);
  }
  return { buckets, held, waiting };
}

function productFaults({ evidence }: Case, { buckets, waiting }: Stock): CounterExample[] {
  const products = new Map<string, Pieces>();
  for (const [bucket, { free, held, received }] of buckets) {
    const sku = productOf(bucket);
    const sum = products.get(sku) ?? { free: 0, held: 0, received: 0 };
    products.set(sku, {
      free: sum.free + free,
      held: sum.held + held,
      received: sum.received + received,
    });
  }
  const added = new Map<string, number>();
  for (const { type, payload } of evidence.orders.outbox) {
    if (type !== 'StockAdded') continue;
    const { sku, quantity } = JSON.parse(payload) as { sku: string; quantity: number };
    added.set(sku, (added.get(sku) ?? 0) + quantity);
  }
  const skus = new Set([...products.keys(), ...added.keys()]);
  return [
    ...[...skus].flatMap((sku) => sumFaults(sku, products.get(sku), added.get(sku) ?? 0)),
    ...waiting.map((key) => ({ what: `${key} waits, and nothing is on its way` })),
  ];
}

function sumFaults(sku: string, pieces: Pieces | undefined, sent: number): CounterExample[] {
  const { free, held, received } = pieces ?? { free: 0, held: 0, received: 0 };
  const sums = `${free} are free and ${held} held`;
  return [
    ...(received === free + held ? [] : [{ what: `${sku}: ${received} came in, ${sums}` }]),
    ...(sent === received ? [] : [{ what: `${sent} of ${sku} were added, ${received} came in` }]),
  ];
}

function productOf(bucket: string): string {
  return bucket.split('/')[0] ?? '';
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
  const { products, levels } = evidence.orders;
  const published = new Map(
    log.events('inventoryLevels').map(({ payload }) => [payload.bucket, payload.available]),
  );
  const shown = new Map(levels.map(({ bucket, available }) => [bucket, available]));
  const stocked = new Set([...buckets.keys()].map(productOf));
  const phantoms = products.filter(({ sku, available }) => available > 0 && !stocked.has(sku));
  const wrong = [...buckets].flatMap(([bucket, { free }]) => {
    const [said, shows] = [published.get(bucket) ?? 0, shown.get(bucket) ?? 0];
    const isFree = `${free} are free in ${bucket}`;
    if (said !== free) return [{ what: `${isFree}, and ${said} were published` }];
    return shows === free ? [] : [{ what: `${isFree}, and the shop knows ${shows}` }];
  });
  return [
    ...wrong,
    ...phantoms.map(({ sku, available }) => ({
      what: `the shop shows ${available} of ${sku}, and there is no stock of it`,
    })),
  ];
}
