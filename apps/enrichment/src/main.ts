import { transactionalRunner } from '@checkout/eos';
import { kafkaConnection, startService } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { config } from './config.js';
import { stages } from './stages.js';

@Module({})
class EnrichmentModule {}

await startService({
  name: 'enrichment',
  module: EnrichmentModule,
  port: config.PORT,
  runners: (_app, { log, onFatal }) => {
    const connection = kafkaConnection('enrichment', config);
    return stages.map((stage) => transactionalRunner({ ...stage, connection, log, onFatal }));
  },
});
