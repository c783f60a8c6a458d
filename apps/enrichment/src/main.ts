import { keyReader } from '@checkout/eos';
import { ExactlyOnceTransport } from '@checkout/eos-nest';
import { kafkaConnection, startService } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { config } from './config.js';
import { KEY_READER, KnownFactsController } from './known-facts.controller.js';
import { Stages } from './stages.js';

const connection = kafkaConnection('enrichment', config);

@Module({
  controllers: [Stages, KnownFactsController],
  providers: [{ provide: KEY_READER, useFactory: () => keyReader(connection) }],
})
class EnrichmentModule {}

await startService({
  name: 'enrichment',
  module: EnrichmentModule,
  port: config.PORT,
  microservice: (app, tools) => new ExactlyOnceTransport(app, { connection, ...tools }),
});
