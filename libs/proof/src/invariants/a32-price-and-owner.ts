import type { Evidence } from '../evidence/evidence.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { OrderLineRow, OrderRow, ProductRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a32: Invariant = {
  id: 'A32',
  says: 'An order costs what the catalogue says and belongs to whoever placed it.',
  rule:
    'order_lines.unit_price = products.unit_price, total = Σ quantity × price, tax = Σ ' +
    'contained tax rounded half up per line; customer_id = that of its idempotency key and of ' +
    'the client’s history; no planted secret stands in a topic or an outbox',
  judge({ evidence }) {
    const { orders, lines, products } = evidence.orders;
    const catalogue = new Map(products.map((product) => [product.sku, product]));
    const linesOf = Map.groupBy(lines, ({ orderId }) => orderId);
    const owners = ownersOf(evidence);
    const secrets = secretsIn(evidence);
    return {
      rows: orders.length + lines.length + secrets.rows,
      counterExamples: [
        ...orders.flatMap((order) => {
          const what =
            priceFault(order, linesOf.get(order.id) ?? [], catalogue) ??
            ownerFault(order, owners.get(order.id) ?? []);
          return what === undefined ? [] : [{ what, orderId: order.id }];
        }),
        ...secrets.counterExamples,
      ],
    };
  },
};

function priceFault(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  catalogue: ReadonlyMap<string, ProductRow>,
): string | undefined {
  let [total, tax] = [0n, 0n];
  for (const { sku, quantity, unitPrice } of lines) {
    const product = catalogue.get(sku);
    if (!product) return `${sku} is not in the catalogue`;
    if (unitPrice !== product.unitPrice || order.currency !== product.currency) {
      const due = `${product.unitPrice} ${product.currency}`;
      return `${sku} is sold for ${unitPrice} ${order.currency}, the catalogue says ${due}`;
    }
    const gross = unitPrice * BigInt(quantity);
    total += gross;
    tax += containedTax(gross, BigInt(product.vatPermille));
  }
  if (order.total !== total) return `costs ${order.total}, its lines come to ${total}`;
  return order.tax === tax ? undefined : `contains ${order.tax} of tax, its lines ${tax}`;
}

/** Half a unit is rounded up. */
function containedTax(gross: bigint, permille: bigint): bigint {
  const whole = 1000n + permille;
  const twice = gross * permille * 2n;
  return (twice + whole) / (2n * whole);
}

interface Owner {
  readonly customerId: string;
  readonly by: string;
}

function ownersOf({ orders, recordings }: Evidence): ReadonlyMap<string, readonly Owner[]> {
  const keys = orders.keys.map(({ orderId, customerId }) => {
    return { orderId, customerId, by: 'its idempotency key' };
  });
  const answered = (recordings.history ?? []).flatMap(({ orderId, customerId }) =>
    orderId === null ? [] : [{ orderId, customerId, by: 'the client’s history' }],
  );
  return Map.groupBy([...keys, ...answered], ({ orderId }) => orderId);
}

function ownerFault({ customerId }: OrderRow, owners: readonly Owner[]): string | undefined {
  const other = owners.find((owner) => owner.customerId !== customerId);
  return other && `belongs to ${customerId}, by ${other.by} to ${other.customerId}`;
}

function secretsIn({ kafka, orders, payments, recordings }: Evidence): {
  rows: number;
  counterExamples: CounterExample[];
} {
  const { canaries } = recordings;
  if (canaries.length === 0) return { rows: 0, counterExamples: [] };
  const holds = (text: string): boolean => canaries.some((canary) => text.includes(canary));
  const records = kafka.logs.flatMap((log) => log.records);
  const rows = [...orders.outbox, ...payments.outbox];
  return {
    rows: records.length + rows.length,
    counterExamples: [
      ...records
        .filter(({ key, value }) => holds(`${key} ${value}`))
        .map((record) => ({ what: 'holds a planted secret', at: placeOf(record) })),
      ...rows
        .filter(({ payload }) => holds(payload))
        .map(({ id }) => ({ what: 'its outbox row holds a planted secret', eventId: id })),
    ],
  };
}
