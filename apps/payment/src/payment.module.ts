import { databaseModule } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { config } from './config.js';
import { Payments1700000000001 } from './migrations/0001-payments.js';

/**
 * Calls in parallel, the inbox, the archive, and some air: a step holds a connection only while it
 * writes.
 */
const POOL = 12;

@Module({
  imports: [
    databaseModule(config.DATABASE_URL, {
      entities: [],
      migrations: [Payments1700000000001],
      pool: POOL,
    }),
  ],
})
export class PaymentModule {}
