import type { Evidence } from '../evidence/evidence.js';
import { checkpointOf } from '../checkpoint.js';
import { members, SimulatedConsumer } from './simulated-consumers.js';
import { SimulatedPayment } from './simulated-payment.js';
import { project, sink } from './simulated-projection.js';
import { SimulatedShop } from './simulated-shop.js';
import { archive, ARCHIVED, SimulatedSource } from './simulated-sources.js';
import { simulatedStages } from './simulated-stages.js';
import { SimulatedWebhooks } from './simulated-webhooks.js';
import { World } from './simulated-world.js';

interface Part {
  step(): boolean;
}

export interface HistoryOptions {
  readonly orders?: number;
}

/**
 * A whole history of the system as the judge would see it, by a seed: customers, change data
 * capture, stages, payments, gateway, books. Parts take turns at random, so that Kafka transactions
 * interleave, abort and are fenced, answers get lost, and records come in any order; and in the end
 * everything has come to rest, as it should.
 */
export function cleanHistory(seed: number, { orders = 6 }: HistoryOptions = {}): Evidence {
  const world = new World(seed);
  const { dice } = world;
  const shop = new SimulatedShop(world);
  const parts = partsOf(world);
  let toPlace = orders;
  for (;;) {
    // A history without a charge would leave half of the invariants nothing to look at.
    if (toPlace === 0 && lacksCharge(world)) toPlace = 1;
    if (toPlace > 0 && dice.chance(0.05)) {
      toPlace--;
      shop.place();
    }
    disturb(world, shop);
    if (dice.pick(parts).step() || toPlace > 0) continue;
    const moved = parts.filter((part) => part.step());
    if (moved.length === 0 && !lacksCharge(world)) return withCheckpoint(world);
  }
}

function lacksCharge(world: World): boolean {
  return isSettled(world) && !isAnyBooked(world);
}

function isSettled({ orders }: World): boolean {
  return orders.orders.every(({ status }) => status === 'booked' || OVER.includes(status));
}

function isAnyBooked({ orders }: World): boolean {
  return orders.orders.some(({ status }) => status === 'booked' || status === 'refunded');
}

function partsOf(world: World): Part[] {
  const payment = new SimulatedPayment(world);
  const consumer = (
    group: string,
    keys: Parameters<typeof members>[1],
    handle: ConstructorParameters<typeof SimulatedConsumer>[2],
  ): Part[] => members(group, keys).map((member) => new SimulatedConsumer(world, member, handle));
  return [
    new SimulatedSource(world, 'orders'),
    new SimulatedSource(world, 'payments'),
    payment,
    new SimulatedWebhooks(world),
    ...simulatedStages(world),
    ...consumer('order.archive', ARCHIVED.orders, archive(world, 'orders')),
    ...consumer('payment.archive', ARCHIVED.payments, archive(world, 'payments')),
    ...consumer(
      'order.status',
      ['ordersApproved', 'ordersRejected', 'outboxPayment', 'ledger', 'inventoryLevels'],
      project(world),
    ),
    ...consumer('payment.charge', ['ordersApproved', 'outboxOrder'], (event, record) =>
      payment.receive(event, record),
    ),
    ...consumer('connect-ledger-sink', ['ledger'], sink(world)),
  ];
}

const OVER = ['rejected', 'payment_failed', 'cancelled', 'refunded'];

/** Customers who think better of it, a price that goes up, and a watchdog that is impatient. */
function disturb(world: World, shop: SimulatedShop): void {
  const { dice } = world;
  if (!dice.chance(0.01)) return;
  if (dice.chance(0.1)) shop.reprice();
  const open = world.orders.orders.filter(({ status }) => !OVER.includes(status));
  if (open.length === 0) return;
  const order = dice.pick(open);
  if (order.status === 'placed' && dice.chance(0.2)) shop.overdue(order);
  else shop.cancel(order);
}

/** As if there had been an audit in the middle: half of the books were there already. */
function withCheckpoint(world: World): Evidence {
  const evidence = world.evidence();
  const { entries } = evidence.ledger;
  const earlier = entries.slice(0, Math.ceil(entries.length / 2));
  const checkpoint = checkpointOf({ ...evidence.ledger, entries: earlier }, '2026-01-05T09:00:00Z');
  return { ...evidence, recordings: { ...evidence.recordings, checkpoint } };
}
