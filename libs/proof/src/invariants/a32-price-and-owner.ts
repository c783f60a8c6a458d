import { orderPlacedId } from '@checkout/events';
import type {
  KeyRow,
  OrderLineRow,
  OrderRow,
  OrdersDatabase,
  ProductRow,
} from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { priceOf, stoodOf } from './prices.js';
import { secretsIn } from './secrets.js';

export const a32: Invariant = {
  id: 'A32',
  says: 'An order costs what the catalogue said then and belongs to whoever placed it.',
  rule:
    'order_lines.unit_price = that of its OrderPlaced = products.unit_price, or a price that ' +
    'has stood: for more than 10 s nothing of the product was sold at another; total = Σ ' +
    'quantity × price, tax = Σ contained tax rounded half up per line; customer_id = that of its ' +
    'idempotency key; no planted secret stands in a record, with its ' +
    'headers, an outbox, an idempotency key or its answer, a payment method, an attempt’s key or ' +
    'evidence, a noted webhook, a cause of parking, the ledger, or in the gateway’s log of ' +
    'requests and events',
  everyOrder: true,
  judge({ evidence }) {
    const { orders, lines } = evidence.orders;
    const prices = pricesIn(evidence.orders);
    const linesOf = Map.groupBy(lines, ({ orderId }) => orderId);
    const keysOf = Map.groupBy(evidence.orders.keys, ({ orderId }) => orderId);
    const secrets = secretsIn(evidence);
    return {
      rows: orders.length + lines.length + secrets.rows,
      ...(secrets.rows === 0 ? { without: NO_CANARIES } : { recorded: secrets.rows }),
      counterExamples: [
        ...orders.flatMap((order) => {
          const what =
            priceFault(order, linesOf.get(order.id) ?? [], prices) ??
            ownerFault(order, keysOf.get(order.id) ?? []);
          return what === undefined ? [] : [{ what, orderId: order.id }];
        }),
        ...secrets.counterExamples,
      ],
    };
  },
};

const NO_CANARIES = 'no secret was planted (canaries.txt in the run folder)';

interface Prices {
  readonly catalogue: ReadonlyMap<string, ProductRow>;
  /** Whether the catalogue has ever said so, as far as can be known. */
  stood(sku: string, price: string): boolean;
  /** By line, as it was told when the order was placed. */
  told(order: OrderRow): ReadonlyMap<number, string> | undefined;
}

function pricesIn(orders: OrdersDatabase): Prices {
  const placed = new Map(orders.outbox.map(({ id, payload }) => [id, payload]));
  return {
    catalogue: new Map(orders.products.map((product) => [product.sku, product])),
    stood: stoodOf(orders),
    told({ id }) {
      const payload = placed.get(orderPlacedId(id));
      if (payload === undefined) return undefined; // A04 says so.
      const { lines } = JSON.parse(payload) as { lines: readonly ToldLine[] };
      return new Map(
        lines.map(({ lineNumber, unitPrice }) => {
          return [lineNumber, `${unitPrice.amount} ${unitPrice.currency}`];
        }),
      );
    },
  };
}

interface ToldLine {
  readonly lineNumber: number;
  readonly unitPrice: { readonly amount: string; readonly currency: string };
}

function priceFault(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  { catalogue, stood, told }: Prices,
): string | undefined {
  let [total, tax] = [0n, 0n];
  const toldPrices = told(order);
  for (const { lineNumber, sku, quantity, unitPrice } of lines) {
    const product = catalogue.get(sku);
    if (!product) return `${sku} is not in the catalogue`;
    const price = `${unitPrice} ${order.currency}`;
    const toldPrice = toldPrices?.get(lineNumber) ?? price;
    if (price !== toldPrice) return `${sku} is sold for ${price}, and was told for ${toldPrice}`;
    if (price !== priceOf(product) && !stood(sku, price)) {
      return `${sku} is sold for ${price}, the catalogue says ${priceOf(product)}`;
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

/** That a client has its order under its own key, A01 says. */
function ownerFault({ customerId }: OrderRow, keys: readonly KeyRow[]): string | undefined {
  const other = keys.find((row) => row.customerId !== customerId);
  return other && `belongs to ${customerId}, by its idempotency key to ${other.customerId}`;
}
