import 'reflect-metadata';
import { startService } from '@checkout/nest-service';
import formbody from '@fastify/formbody';
import { config } from './config.js';
import { GatewayModule } from './gateway.module.js';

await startService({
  name: 'gateway',
  module: GatewayModule,
  port: config.PORT,
  prepareFastify: async (fastify) => void (await fastify.register(formbody)),
});
