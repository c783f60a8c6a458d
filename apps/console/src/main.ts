import { createLog, startService } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { fileURLToPath } from 'node:url';
import { readConfig } from './config.js';
import { publicDoor } from './public-door.js';
import { servicesOf } from './services.js';
import { shopHealth } from './shop-health.js';
import { notFoundPage } from './web-pages.js';

const config = readConfig();
const log = createLog('console');
const pages = fileURLToPath(new URL('web', import.meta.url));
const judge = fileURLToPath(new URL('../../../libs/proof/dist/main.js', import.meta.url));

@Module({})
class ConsoleModule {}

await startService({
  name: 'console',
  log,
  module: ConsoleModule,
  host: config.HOST,
  port: config.PORT,
  ...(config.TRUSTED_PROXIES && { trustedProxies: config.TRUSTED_PROXIES }),
  answerBadAddress: notFoundPage(pages),
  prepareFastify: (fastify) => publicDoor(fastify, { config, log, pages, judge }),
  readiness: () => shopHealth(servicesOf(config)),
});
