import type { Readiness } from '@checkout/api';
import type { Log, Runner } from '@checkout/eos';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import {
  type App,
  type ApplicationOptions,
  createApplication,
  type Fastify,
} from './application.js';
import { type HealthOptions, healthRoutes } from './health.js';
import { createLog } from './log.js';
import { metricsRoute } from './metrics.js';

/**
 * The life of a service: HTTP first, then the runners; at the end the runners first, then HTTP.
 *
 * Guarantee: a stop asked for (SIGTERM, SIGINT) ends within 5 s with exit code 0, and nothing half
 * done is visible; a failure that a runner cannot survive ends the process, so that a supervisor
 * starts a clean one. Staying alive without working would look healthy and be silent.
 * Not promised: that every request in flight is answered. A client repeats it with the same
 * Idempotency-Key.
 */
export interface ServiceOptions extends Omit<ApplicationOptions, 'log'> {
  readonly name: string;
  readonly port: number;
  /** Loopback by default: only the console is reached from outside. */
  readonly host?: string;
  readonly log?: Log;
  /** Consumers to run while the service lives. They start after HTTP listens. */
  runners?(app: App, tools: RunnerTools): readonly Runner[];
  /** The same as a microservice of Nest's, which starts and stops its runners itself. */
  microservice?(app: App, tools: RunnerTools): Microservice;
  /** What else must be true before the service is ready. */
  readiness?(app: App): Promise<Readiness>;
}

export interface Microservice extends CustomTransportStrategy {
  /** Of which the service's health and figures are told. */
  readonly runners: readonly Runner[];
}

export interface RunnerTools {
  readonly log: Log;
  onFatal(error: Error): void;
}

const LOOPBACK = '127.0.0.1';
const STOP_WITHIN_MS = 4_500;
/** Another process holds our static membership: restarting would only fence that one in turn. */
const EXIT_CODE_FENCED = 75;

export async function startService(options: ServiceOptions): Promise<App> {
  const log = options.log ?? createLog(options.name);
  const onFatal = (error: Error): void => {
    log.error({ err: error }, 'cannot go on, the process ends');
    process.exit(error.name === 'FencedError' ? EXIT_CODE_FENCED : 1);
  };
  process.on('uncaughtException', onFatal);
  process.on('unhandledRejection', (reason) => onFatal(asError(reason)));

  let health: HealthOptions | null = null;
  const app = await createApplication({
    module: options.module,
    log,
    ...(options.trustedProxies && { trustedProxies: options.trustedProxies }),
    ...(options.answerBadAddress && { answerBadAddress: options.answerBadAddress }),
    prepareFastify: async (fastify: Fastify) => {
      healthRoutes(fastify, () => health);
      if (options.runners ?? options.microservice)
        metricsRoute(fastify, () => health?.runners ?? []);
      await options.prepareFastify?.(fastify);
    },
  });
  await app.listen(options.port, options.host ?? LOOPBACK);

  const fatal = (reason: unknown): void => onFatal(asError(reason));
  const runners = options.runners?.(app, { log, onFatal }) ?? [];
  const strategy = options.microservice?.(app, { log, onFatal });
  const all = [...runners, ...(strategy?.runners ?? [])];
  health = { app, runners: all, readiness: options.readiness };
  stopOnSignal({ app, runners: all, log });
  for (const runner of runners) void runner.start().catch(fatal);
  if (strategy) {
    app.connectMicroservice({ strategy });
    void app.startAllMicroservices().catch(fatal);
  }
  log.info({ url: await app.getUrl() }, 'listening');
  return app;
}

function stopOnSignal(service: { app: App; runners: readonly Runner[]; log: Log }): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    service.log.info({ signal }, 'stopping');
    setTimeout(() => {
      service.log.warn({}, 'the stop took too long, what is in hand is abandoned');
      process.exit(0);
    }, STOP_WITHIN_MS).unref();
    await Promise.allSettled(service.runners.map((runner) => runner.stop()));
    await service.app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void stop(signal));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
