import { keyReader, transactionalRunner } from '@checkout/eos';
import { kafkaConnection, startService } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { config } from './config.js';
import { KEY_READER, KnownFactsController } from './known-facts.controller.js';
import { stages } from './stages.js';

const connection = kafkaConnection('enrichment', config);

@Module({
  controllers: [KnownFactsController],
  providers: [{ provide: KEY_READER, useFactory: () => keyReader(connection) }],
})
class EnrichmentModule {}

await startService({
  name: 'enrichment',
  module: EnrichmentModule,
  port: config.PORT,
  runners: (_app, { log, onFatal }) =>
    stages.map((stage) => transactionalRunner({ ...stage, connection, log, onFatal })),
});
