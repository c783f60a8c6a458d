import { databaseModule } from '@checkout/nest-service';
import { type DynamicModule, Module } from '@nestjs/common';
import { BooksController } from './books/books.controller.js';
import { GatewayCalls } from './calls/gateway-calls.js';
import { IdempotencyKeys } from './calls/idempotency-keys.js';
import { RequestLog } from './calls/request-log.js';
import { ClockController } from './clock.controller.js';
import { Clock } from './clock.js';
import { Endpoints } from './endpoints.js';
import { Deliveries } from './events/deliveries.js';
import { EventLog } from './events/event-log.js';
import { EventsController } from './events/events.controller.js';
import { WEBHOOK_ENDPOINT, type WebhookEndpoint } from './events/webhook-endpoint.js';
import { WebhookSender } from './events/webhook-sender.js';
import { FaultPlan } from './faults/fault-plan.js';
import { FaultsController } from './faults/faults.controller.js';
import { Books1700000000001 } from './migrations/0001-books.js';
import { Refunds1700000000002 } from './migrations/0002-refunds.js';
import { Events1700000000003 } from './migrations/0003-events.js';
import { IntentStore } from './payment-intents/intent-store.js';
import { Operations } from './payment-intents/operations.js';
import { PaymentIntentsController } from './payment-intents/payment-intents.controller.js';
import { RefundOperations } from './refunds/refund-operations.js';
import { RefundStore } from './refunds/refund-store.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { UnknownUrlController } from './unknown-url.controller.js';

@Module({
  controllers: [
    PaymentIntentsController,
    RefundsController,
    EventsController,
    BooksController,
    FaultsController,
    ClockController,
    UnknownUrlController,
  ],
  providers: [
    Clock,
    Deliveries,
    Endpoints,
    EventLog,
    FaultPlan,
    GatewayCalls,
    IdempotencyKeys,
    IntentStore,
    Operations,
    RefundOperations,
    RefundStore,
    RequestLog,
    WebhookSender,
  ],
})
export class GatewayModule {
  static on(databaseUrl: string, endpoint: WebhookEndpoint | null): DynamicModule {
    const database = databaseModule(databaseUrl, {
      entities: [],
      migrations: [Books1700000000001, Refunds1700000000002, Events1700000000003],
    });
    const told = { provide: WEBHOOK_ENDPOINT, useValue: endpoint };
    return { module: GatewayModule, imports: [database], providers: [told] };
  }
}
