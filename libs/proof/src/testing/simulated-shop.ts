import { eventId, orderPlacedId, topics, type OrderLine } from '@checkout/events';
import type { ClientOperation } from '../evidence/recordings.js';
import type { Mutable } from './draft.js';
import type { OrderRow, ProductRow } from '../evidence/rows.js';
import { requestHash, sha256, type OrderRequest } from '../recordings/client-history.js';
import type { World } from './simulated-world.js';

const CURRENCY = 'EUR';
const CATALOGUE = [
  { sku: 'espresso-cup', unitPrice: 2_100n, vatPermille: 190, pieces: 1_000 },
  { sku: 'limited-print', unitPrice: 4_900n, vatPermille: 70, pieces: 2 },
  { sku: 'milk-jug', unitPrice: 1_890n, vatPermille: 190, pieces: 500 },
  { sku: 'gold-mill', unitPrice: 700_000n, vatPermille: 190, pieces: 9 },
] as const;
/** Most buy cups. */
const WANTED = [
  'espresso-cup',
  'espresso-cup',
  'milk-jug',
  'milk-jug',
  'limited-print',
  'gold-mill',
];
const CARDS = ['pm_card_visa', 'pm_card_visa', 'pm_card_declined', 'pm_card_try_again'];
const CATALOGUE_OPENS = '0190a6b2-6f00-7000-8000-00000ca7a109';

export const PLACE = 'POST /api/orders';
export const CANCEL = 'POST /api/orders/{id}/cancel';

/** The shop and its customers: what they ask for, what is stored, what they get to know of it. */
export class SimulatedShop {
  readonly #customers: readonly string[];
  #repriced = false;

  constructor(private readonly world: World) {
    this.#customers = Array.from({ length: 3 }, () => world.dice.uuid());
    this.#openCatalogue();
    this.#canaries();
  }

  place(): void {
    const { world } = this;
    const { dice } = world;
    const customerId = dice.pick(this.#customers);
    const key = dice.uuid();
    const request = this.#wish();
    const common = { op: 'place', customerId, key, bodyHash: requestHash(request) } as const;
    if (dice.chance(0.1)) {
      this.#note({ ...common, result: 'fail', orderId: null, responseHash: sha256('refused') });
      return;
    }
    if (dice.chance(0.1)) {
      this.#note({ ...common, result: 'unknown', orderId: null, responseHash: null });
      if (dice.chance(0.5)) return;
    }
    const { id, response } = this.#store(customerId, key, request);
    const answered = { orderId: id, responseHash: sha256(response) };
    const heard = dice.chance(0.9);
    if (heard) this.#note({ ...common, result: 'ok', ...answered });
    if (heard) world.watch(id);
    else this.#note({ ...common, result: 'unknown', orderId: null, responseHash: null });
    if (heard && dice.chance(0.2)) this.#note({ ...common, result: 'ok', ...answered });
  }

  /** A wish; payment decides what becomes of it. */
  cancel(order: Mutable<OrderRow>): void {
    const { world } = this;
    const { id, customerId } = order;
    const key = world.dice.uuid();
    const xid = world.nextXid();
    const eventName = eventId(orderPlacedId(id), 'OrderCancelRequested');
    if (!order.cancelRequested) world.tell(order, order.version, true);
    order.cancelRequested = true;
    if (!world.orders.outbox.some((row) => row.id === eventName)) {
      const payload = { orderId: id, customerId, occurredAt: world.iso() };
      world.stage('orders', {
        xid,
        topic: topics.outboxOrder,
        event: {
          ...{ id: eventName, type: 'OrderCancelRequested', key: eventName, partitionBy: id },
          ...{ causationId: orderPlacedId(id), traceparent: '', payload },
        },
      });
    }
    const response = JSON.stringify({ id, cancelRequested: true });
    const row = { customerId, route: CANCEL, key, requestHash: id, status: 202, response };
    world.orders.keys.push({ ...row, orderId: id });
    const answered = { orderId: id, responseHash: sha256(response) };
    this.#note({ op: 'cancel', customerId, key, bodyHash: id, result: 'ok', ...answered });
  }

  /** The watchdog's word: it has waited long enough. */
  overdue(order: Mutable<OrderRow>): void {
    const { id } = order;
    if (order.overdue) return;
    order.overdue = true;
    const eventName = eventId(orderPlacedId(id), 'OrderOverdue');
    this.world.stage('orders', {
      xid: this.world.nextXid(),
      topic: topics.outboxOrder,
      event: {
        ...{ id: eventName, type: 'OrderOverdue', key: eventName, partitionBy: id },
        ...{ causationId: orderPlacedId(id), traceparent: '' },
        payload: { orderId: id, occurredAt: this.world.iso() },
      },
    });
  }

  /** Once in a history: nobody changes a price back within seconds. */
  reprice(): void {
    if (this.#repriced) return;
    this.#repriced = true;
    const product = this.world.dice.pick(this.world.orders.products);
    product.unitPrice += product.unitPrice / 10n;
  }

  #note(operation: ClientOperation): void {
    const sent = { ...operation, result: 'sent', orderId: null, responseHash: null } as const;
    this.world.history.push(sent, operation);
  }

  #wish(): OrderRequest {
    const { dice } = this.world;
    const wanted = new Set([dice.pick(WANTED), dice.pick(WANTED)]);
    const lines = [...wanted].map((sku) => ({ sku, quantity: 1 + dice.below(2) }));
    return { lines, paymentMethod: dice.pick(CARDS) };
  }

  #store(customerId: string, key: string, request: OrderRequest) {
    const { world } = this;
    const id = world.dice.uuid();
    const xid = world.nextXid();
    const placedAt = world.iso();
    const priced = request.lines.map(({ sku, quantity }, i) => {
      const product = world.orders.products.find((one) => one.sku === sku);
      if (!product) throw new Error(`${sku} is not in the catalogue`);
      return priceLine(i + 1, product, quantity);
    });
    const total = priced.reduce((sum, { gross }) => sum + gross, 0n);
    const tax = priced.reduce((sum, line) => sum + line.tax, 0n);
    const { paymentMethod } = request;
    const order = { id, customerId, status: 'placed', version: 1, reason: null, total, tax };
    const later = { cancelRequested: false, overdue: false };
    const common = { currency: CURRENCY, paymentMethod, placedAt, xid };
    world.orders.orders.push({ ...order, ...common, ...later });
    world.orders.lines.push(
      ...priced.map(({ lineNumber, sku, quantity, unitPrice }) => {
        return { orderId: id, lineNumber, sku, quantity, unitPrice };
      }),
    );
    world.orderIs({ id, customerId }, { version: 1, status: 'placed', reason: null });
    const response = JSON.stringify({ id, status: 'placed', total: money(total) });
    const row = { customerId, route: PLACE, key, requestHash: requestHash(request), response };
    world.orders.keys.push({ ...row, status: 201, orderId: id });
    const event = orderPlacedId(id);
    world.stage('orders', {
      xid,
      topic: topics.outboxOrder,
      event: {
        ...{ id: event, type: 'OrderPlaced', key: event, partitionBy: id, causationId: id },
        traceparent: '',
        payload: {
          ...{ orderId: id, customerId, lines: priced.map(({ line }) => line) },
          ...{ total: money(total), tax: money(tax), paymentMethod, occurredAt: placedAt },
        },
      },
    });
    return { id, response };
  }

  #openCatalogue(): void {
    const { world } = this;
    const xid = world.nextXid();
    for (const { sku, unitPrice, vatPermille, pieces } of CATALOGUE) {
      const shown = { currency: CURRENCY, vatPermille, available: pieces };
      world.orders.products.push({ sku, unitPrice, ...shown });
      const id = eventId(CATALOGUE_OPENS, 'StockAdded', sku);
      world.stage('orders', {
        xid,
        topic: topics.outboxCatalogue,
        event: {
          ...{ id, type: 'StockAdded', key: id, partitionBy: sku, traceparent: '' },
          causationId: CATALOGUE_OPENS,
          payload: { sku, quantity: pieces, reason: 'opening stock', occurredAt: world.iso() },
        },
      });
    }
  }

  #canaries(): void {
    for (const owner of ['orders', 'payments'] as const) {
      const id = this.world.dice.uuid();
      this.world.stage(owner, {
        xid: this.world.nextXid(),
        topic: topics.outboxCanary,
        event: {
          ...{ id, type: 'Canary', key: id, causationId: id, traceparent: '' },
          payload: { source: owner, occurredAt: this.world.iso() },
        },
      });
    }
  }
}

interface PricedLine {
  readonly lineNumber: number;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: bigint;
  readonly gross: bigint;
  readonly tax: bigint;
  readonly line: OrderLine;
}

function priceLine(lineNumber: number, product: ProductRow, quantity: number): PricedLine {
  const { sku, unitPrice, vatPermille } = product;
  const gross = unitPrice * BigInt(quantity);
  const tax = containedIn(gross, vatPermille);
  const line = { lineNumber, sku, quantity, unitPrice: money(unitPrice) };
  return { lineNumber, sku, quantity, unitPrice, gross, tax, line };
}

/** Half a unit is rounded up. */
export function containedIn(gross: bigint, vatPermille: number): bigint {
  const whole = 1000n + BigInt(vatPermille);
  return (gross * BigInt(vatPermille) * 2n + whole) / (2n * whole);
}

export function money(amount: bigint) {
  return { amount: String(amount), currency: CURRENCY };
}
