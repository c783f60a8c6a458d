import { ExactlyOnceTransport } from '@checkout/eos-nest';
import { kafkaConnection, startService } from '@checkout/nest-service';
import { config } from './config.js';
import { LedgerModule } from './ledger.module.js';

const connection = kafkaConnection('ledger', config);

await startService({
  name: 'ledger',
  module: LedgerModule.for(config.DATABASE_URL),
  port: config.PORT,
  microservice: (app, tools) => new ExactlyOnceTransport(app, { connection, ...tools }),
});
