import { databaseModule } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { config } from './config.js';
import { KnownFactsController } from './known-facts.controller.js';
import { KnownFacts } from './known-facts.js';
import { migrations } from './migrations.js';

/**
 * Calls in parallel, the inbox, the archive, and some air: a step holds a connection only while it
 * writes.
 */
const POOL = 12;

@Module({
  imports: [databaseModule(config.DATABASE_URL, { entities: [], migrations, pool: POOL })],
  controllers: [KnownFactsController],
  providers: [KnownFacts],
})
export class PaymentModule {}
