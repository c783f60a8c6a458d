import { transactionalRunner } from '@checkout/eos';
import { kafkaConnection, startService } from '@checkout/nest-service';
import { book } from './book.stage.js';
import { config } from './config.js';
import { LedgerModule } from './ledger.module.js';

await startService({
  name: 'ledger',
  module: LedgerModule.for(config.DATABASE_URL),
  port: config.PORT,
  runners: (_app, { log, onFatal }) => {
    const connection = kafkaConnection('ledger', config);
    return [transactionalRunner({ ...book, connection, log, onFatal })];
  },
});
