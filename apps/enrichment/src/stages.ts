import { skip, type Decision, type State } from '@checkout/eos';
import { ExactlyOnce } from '@checkout/eos-nest';
import { readEvent, topics, type AnyEvent, type TransactionalGroup } from '@checkout/events';
import { Controller } from '@nestjs/common';
import { checkFailed } from './checks/check-failed.js';
import { joinChecks } from './checks/join-checks.handler.js';
import { checks, type CheckFact } from './checks/order-checks.js';
import { checkFraud } from './fraud/check-fraud.handler.js';
import { velocity } from './fraud/velocity.js';
import { receiveStock } from './inventory/receive-stock.handler.js';
import { releaseStock } from './inventory/release-stock.handler.js';
import { recallStock, takeBack } from './inventory/return-stock.handler.js';
import { reserveStock } from './inventory/reserve-stock.handler.js';
import { stock } from './inventory/stock.js';
import { addStock } from './split/add-stock.handler.js';
import { closePayment } from './split/close-payment.handler.js';
import { expireOrder } from './split/expire-order.handler.js';
import { openOrder } from './split/open-order.handler.js';

const SPLIT_EVENTS = [
  ...topics.outboxOrder.events,
  ...topics.outboxCatalogue.events,
  ...topics.outboxPayment.events,
] as const;
type SplitEvent = AnyEvent<(typeof SPLIT_EVENTS)[number]>;
type InventoryEvent = AnyEvent<(typeof topics.inventory.events)[number]>;

/**
 * The four stages of enrichment. Each is a consumer group of its own; between them lie topics, so
 * that everything about one bucket, one customer or one order is decided in one partition, by one
 * worker, in one order.
 *
 *   outbox.order, outbox.catalogue, outbox.payment
 *        │
 *      split ──▶ inventory ──▶ checks ──▶ orders.approved, orders.rejected
 *        ├─────▶ fraud ──────▶   │
 *        └───────────────────▶   └──▶ inventory, to release
 */
@Controller()
export class Stages {
  @ExactlyOnce({
    group: 'enrichment.split' satisfies TransactionalGroup,
    topics: [topics.outboxOrder.name, topics.outboxCatalogue.name, topics.outboxPayment.name],
    decode: (record) => readEvent(record, ...SPLIT_EVENTS),
    onPark: (record, reason) => checkFailed(record, 'split', reason),
  })
  split(event: SplitEvent): Decision {
    switch (event.type) {
      case 'OrderPlaced':
        return openOrder(event);
      case 'OrderOverdue':
        return expireOrder(event);
      case 'OrderCancelRequested':
        return skip('payment decides what becomes of a wish to cancel');
      case 'StockAdded':
        return addStock(event);
      case 'PaymentDeclined':
      case 'PaymentCancelled':
      case 'PaymentRefunded':
        return closePayment(event);
      case 'PaymentSucceeded':
        return skip('what is paid stays reserved');
    }
  }

  @ExactlyOnce({
    group: 'enrichment.inventory' satisfies TransactionalGroup,
    topics: [topics.inventory.name],
    stores: [stock],
    decode: (record) => readEvent(record, ...topics.inventory.events),
    onPark: (record, reason) => checkFailed(record, 'inventory', reason),
  })
  inventory(event: InventoryEvent, state: State): Decision {
    switch (event.type) {
      case 'StockReceived':
        return receiveStock(event, state);
      case 'StockRequested':
        return reserveStock(event, state);
      case 'StockReleaseRequested':
        return releaseStock(event, state);
      case 'StockRecalled':
        return recallStock(event, state);
      case 'StockReturned':
        return takeBack(event, state);
    }
  }

  @ExactlyOnce({
    group: 'enrichment.fraud' satisfies TransactionalGroup,
    topics: [topics.fraud.name],
    stores: [velocity],
    decode: (record) => readEvent(record, 'FraudCheckRequested'),
    onPark: (record, reason) => checkFailed(record, 'fraud', reason),
  })
  fraud(event: AnyEvent<'FraudCheckRequested'>, state: State): Decision {
    return checkFraud(event, state);
  }

  @ExactlyOnce({
    group: 'enrichment.checks' satisfies TransactionalGroup,
    topics: [topics.checks.name],
    stores: [checks],
    decode: (record) => readEvent(record, ...topics.checks.events),
    onPark: (record, reason) => checkFailed(record, 'checks', reason),
  })
  join(event: CheckFact, state: State): Decision {
    return joinChecks(event, state);
  }
}
