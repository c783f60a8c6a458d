import { databaseModule } from '@checkout/nest-service';
import { Module, type DynamicModule } from '@nestjs/common';
import { BalancesController } from './balances.controller.js';
import { BookStage } from './book.stage.js';
import { KnownFactsController } from './known-facts.controller.js';
import { CreateLedger } from './migrations/0001-create-ledger.js';

@Module({})
export class LedgerModule {
  static for(databaseUrl: string): DynamicModule {
    return {
      module: LedgerModule,
      imports: [databaseModule(databaseUrl, { entities: [], migrations: [CreateLedger] })],
      controllers: [BookStage, BalancesController, KnownFactsController],
    };
  }
}
