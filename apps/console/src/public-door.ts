import type { Log } from '@checkout/eos';
import { type Fastify, refuseCardNumbers } from '@checkout/nest-service';
import { apiDocs } from './api-docs.js';
import { readApiDocument } from './api-document.js';
import { forward } from './api-proxy.js';
import { auditRoutes } from './audit-routes.js';
import type { Config } from './config.js';
import { timelineRoute } from './order-timeline.js';
import { servicesOf } from './services.js';
import { readShopPage } from './shop-page.js';
import { limitSessions } from './session-limit.js';
import { registerWebPages } from './web-pages.js';

export interface DoorOptions {
  readonly config: Config;
  readonly log: Log;
  /** Folder of the built pages. */
  readonly pages: string;
  /** Main file of the judge. */
  readonly judge: string;
}

/**
 * All that can be reached from outside, in one list. What is not here is not reachable: services
 * listen on loopback, and only these prefixes are passed on.
 */
export async function publicDoor(
  fastify: Fastify,
  { config, log, pages, judge }: DoorOptions,
): Promise<void> {
  refuseCardNumbers(fastify);
  await limitSessions(fastify, config.SESSIONS_PER_MINUTE);
  await forward(fastify, { prefix: '/api', upstream: config.ORDER_URL, log });
  await forward(fastify, { prefix: '/webhooks/stripe', upstream: config.PAYMENT_URL, log });
  timelineRoute(fastify, { orderUrl: config.ORDER_URL, sources: servicesOf(config), log });
  auditRoutes(fastify, { config, judge, log });
  apiDocs(fastify, readApiDocument(), readShopPage(pages));
  await registerWebPages(fastify, pages);
}
