import { databaseModule } from '@checkout/nest-service';
import { type DynamicModule, Module } from '@nestjs/common';
import { KnownFactsController } from './known-facts.controller.js';
import { KnownFacts } from './known-facts.js';
import { migrations } from './migrations.js';
import { WebhooksController } from './webhooks.controller.js';
import { WEBHOOKS, type Webhooks } from './webhooks.js';

/**
 * Calls in parallel, the inbox, the archive, and some air: a step holds a connection only while it
 * writes.
 */
const POOL = 12;

@Module({})
export class PaymentModule {
  static for(databaseUrl: string, webhooks: Webhooks): DynamicModule {
    return {
      module: PaymentModule,
      imports: [databaseModule(databaseUrl, { entities: [], migrations, pool: POOL })],
      controllers: [KnownFactsController, WebhooksController],
      providers: [KnownFacts, { provide: WEBHOOKS, useValue: webhooks }],
    };
  }
}
