import { startService } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { fileURLToPath } from 'node:url';
import { registerApiProxy } from './api-proxy.js';
import { readConfig } from './config.js';
import { registerWebPages } from './web-pages.js';

const config = readConfig();
const pages = fileURLToPath(new URL('web', import.meta.url));

@Module({})
class ConsoleModule {}

await startService({
  name: 'console',
  module: ConsoleModule,
  host: config.HOST,
  port: config.PORT,
  prepareFastify: async (fastify) => {
    await registerApiProxy(fastify, config.ORDER_URL);
    await registerWebPages(fastify, pages);
  },
});
