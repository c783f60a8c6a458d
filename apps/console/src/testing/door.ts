import { type App, createApplication } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { publicDoor } from '../public-door.js';
import { notFoundPage } from '../web-pages.js';
import { says, testService, type TestService } from './service.js';

@Module({})
class NothingElse {}

export interface Door {
  readonly url: string;
  readonly routes: readonly string[];
  /** Everything that was logged, fields and messages. */
  readonly logged: readonly string[];
  readonly services: Readonly<Record<'order' | 'payment' | 'ledger' | 'enrichment', TestService>>;
  stop(): Promise<void>;
}

export interface DoorOptions {
  readonly runMode?: Config['RUN_MODE'];
  readonly sessionsPerMinute?: number;
  readonly trustedProxies?: string[];
  /** Without it there is no judge. */
  readonly evidence?: Config['evidence'];
  /** A program of the test's own in the place of the judge. */
  readonly judge?: string;
}

const LOOKS = '<link rel="stylesheet" crossorigin href="/assets/index-abc.css">';

/** The console's server as it is, with servers of the test's own in the place of the services. */
export async function door(options: DoorOptions = {}): Promise<Door> {
  const services = {
    order: await testService(says(404, {})),
    payment: await testService(says(404, {})),
    ledger: await testService(says(404, {})),
    enrichment: await testService(says(404, {})),
  };
  const pages = await mkdtemp(join(tmpdir(), 'console-door-'));
  await writeFile(join(pages, 'index.html'), `<title>the page</title>${LOOKS}`);
  const routes: string[] = [];
  const logged: string[] = [];
  const app = await doorOn(services, { ...options, pages, routes, logged });
  return {
    url: await app.getUrl(),
    routes,
    logged,
    services,
    async stop() {
      await app.close();
      for (const service of Object.values(services)) service.stop();
      await rm(pages, { recursive: true });
    },
  };
}

interface Noted {
  readonly pages: string;
  readonly routes: string[];
  readonly logged: string[];
}

async function doorOn(
  services: Door['services'],
  { pages, routes, logged, ...options }: DoorOptions & Noted,
): Promise<App> {
  const note = (fields: object, message: string): void => {
    logged.push(`${JSON.stringify(fields)} ${message}`);
  };
  const log = { info: note, warn: note, error: note };
  const config = {
    PORT: 0,
    RUN_MODE: options.runMode ?? 'test',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'text',
    HOST: '127.0.0.1',
    ORDER_URL: services.order.url,
    PAYMENT_URL: services.payment.url,
    LEDGER_URL: services.ledger.url,
    ENRICHMENT_URL: services.enrichment.url,
    SESSIONS_PER_MINUTE: options.sessionsPerMinute ?? 60,
    evidence: options.evidence,
  } as const;
  const app = await createApplication({
    module: NothingElse,
    log,
    ...(options.trustedProxies && { trustedProxies: options.trustedProxies }),
    answerBadAddress: notFoundPage(pages),
    prepareFastify: async (fastify) => {
      fastify.addHook(
        'onRoute',
        ({ method, url }) => void routes.push(`${method.toString()} ${url}`),
      );
      await publicDoor(fastify, { config, log, pages, judge: options.judge ?? 'none' });
    },
  });
  await app.listen(0, '127.0.0.1');
  return app;
}
