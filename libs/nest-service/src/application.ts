import 'reflect-metadata';
import type { Log } from '@checkout/eos';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter } from './problem-filter.js';
import { validationPipe } from './validation-pipe.js';

export type App = NestFastifyApplication;
/** Fastify's own types by way of the adapter, so that its version is named in one place only. */
export type Fastify = ReturnType<FastifyAdapter['get']>;
export type Request = Parameters<Fastify['errorHandler']>[1];
export type Reply = Parameters<Fastify['errorHandler']>[2];

export interface ApplicationOptions {
  readonly module: Type | DynamicModule;
  readonly log: Log;
  /** Plugins, content type parsers and hooks: before the routes are made. */
  prepareFastify?(fastify: Fastify): void | Promise<void>;
}

/** The largest order, 50 lines, has about 4 KB. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** A body that takes longer is a slow-loris, or a lost client: 408. */
const REQUEST_TIMEOUT_MS = 10_000;

/** The application without a port: what tests drive with `inject`. */
export async function createApplication(options: ApplicationOptions): Promise<App> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Event streams never end by themselves; without this a stop would wait for them.
    forceCloseConnections: true,
  });
  const fastify = adapter.getInstance<Fastify>();
  fastify.removeContentTypeParser('text/plain');
  await options.prepareFastify?.(fastify);
  const app = await NestFactory.create<App>(options.module, adapter, {
    abortOnError: false,
    // Fastify reads JSON; a form is a request that any web page can make a browser send (415).
    bodyParser: false,
    logger: nestLogger(options.log),
  });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(options.log));
  return app;
}

/** Nest tells the life of its modules: only what worries it is of interest to others. */
function nestLogger(log: Log): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => log.warn({}, String(message)),
    error: (message: unknown) => log.error({}, String(message)),
  };
}
