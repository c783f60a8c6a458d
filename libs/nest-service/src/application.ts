import 'reflect-metadata';
import { problems } from '@checkout/api';
import type { Log } from '@checkout/eos';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { answerOnSocket } from './client-errors.js';
import { answerHalfClosed } from './half-closed.js';
import { readJson } from './json-body.js';
import { Problem } from './problem.js';
import { ProblemFilter, refuse } from './problem-filter.js';
import { refuseUnclearHeads } from './request-head.js';
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
  /**
   * Answers an address that the router itself refuses, as one with a broken escape, in another way
   * than by a problem; false when it is to be one.
   */
  answerBadAddress?(request: Request, reply: Reply): boolean;
  /** Whose word for a client's address is taken; nobody's, when absent. */
  readonly trustedProxies?: string[];
  /** Shorter in tests of it. */
  readonly requestTimeoutMs?: number;
}

/** The largest order, 50 lines, has about 4 KB. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** A body that takes longer is a slow-loris, or a lost client: 408. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often the server looks for such requests; its own 30 s would make the limit 40. */
const LOOK_FOR_SLOW_REQUESTS_MS = 500;

/** The application without a port: what tests drive with `inject`. */
export async function createApplication(options: ApplicationOptions): Promise<App> {
  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout,
    ...(options.trustedProxies && { trustProxy: options.trustedProxies }),
    http: {
      connectionsCheckingInterval: LOOK_FOR_SLOW_REQUESTS_MS,
      // With its own 60 s, longer than the request's, Node ends neither.
      headersTimeout: requestTimeout,
      requestTimeout,
      // Node would answer by itself, with an empty body: request-head.ts does.
      requireHostHeader: false,
    },
    clientErrorHandler: answerOnSocket,
    rewriteUrl: ({ url = '/' }) => originForm(url),
    // The router refuses some addresses before any route, hook or filter sees them.
    frameworkErrors: (error: unknown, request: Request, reply: Reply) => {
      if (!options.answerBadAddress?.(request, reply)) refuse(error, reply);
    },
    // Event streams never end by themselves; without this a stop would wait for them.
    forceCloseConnections: true,
  });
  const fastify = adapter.getInstance<Fastify>();
  const filter = new ProblemFilter(options.log);
  fastify.addHook('onRoute', (route) => {
    route.errorHandler ??= (error, request, reply) => filter.answer(error, request, reply);
  });
  answerHalfClosed(fastify);
  refuseUnclearHeads(fastify);
  refuseWhatIsNotThere(fastify);
  readBodies(fastify);
  await options.prepareFastify?.(fastify);
  const app = await NestFactory.create<App>(options.module, adapter, {
    abortOnError: false,
    // Bodies are read above.
    bodyParser: false,
    logger: nestLogger(options.log),
  });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(filter);
  return app;
}

/** `GET http://host/path`, as a proxy is asked: a server has to take it, too (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?]*/i, '');
  return path === target || path.startsWith('/') ? path : `/${path}`;
}

/**
 * An address, or a method of one, that is not there is not there whatever its body is like; Fastify
 * would read that first, and say of some methods (QUERY) that they cannot be without one.
 */
function refuseWhatIsNotThere(fastify: Fastify): void {
  fastify.addHook('preParsing', async ({ is404 }) => {
    if (is404) throw new Problem(problems.notFound);
  });
}

/**
 * JSON in UTF-8 and nothing else. A compressed body of 64 KiB can hold a gigabyte, so there is no
 * decompression at all; and a form is a request that any web page can make a browser send.
 */
function readBodies(fastify: Fastify): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (OTHER_CHARSET.test(request.headers['content-type'] ?? '')) {
      throw new Problem(problems.unsupportedMediaType);
    }
    done(null, readJson(body as Buffer));
  });
  fastify.addHook('onRequest', async ({ method, headers }) => {
    // Nobody reads the body of one, so nothing is said about it.
    if (method === 'GET' || method === 'HEAD') return;
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw new Problem(problems.unsupportedMediaType);
    }
  });
}

const OTHER_CHARSET = /charset=(?!"?utf-8"?\s*(;|$))/i;

/** Nest tells the life of its modules: only what worries it is of interest to others. */
function nestLogger(log: Log): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => log.warn({}, String(message)),
    error: (message: unknown) => log.error({}, String(message)),
  };
}
