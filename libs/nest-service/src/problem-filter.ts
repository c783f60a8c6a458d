import type { Log } from '@checkout/eos';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import type { Reply, Request } from './application.js';
import { Problem } from './problem.js';

/**
 * Every answer that is not a success leaves through here, as a problem document.
 *
 * Guarantee: what we did not foresee is a 500 that says nothing about our insides; the log has the
 * cause and the path.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<Reply>();
    const problem = asProblem(error);
    if (problem.getStatus() >= 500) {
      const { method, routeOptions } = host.switchToHttp().getRequest<Request>();
      const route = `${method} ${routeOptions.url ?? 'unknown route'}`;
      this.log.error({ route, err: error }, 'a request failed for a reason of our own');
    }
    if (reply.sent || reply.raw.headersSent) return;
    void reply
      .status(problem.getStatus())
      .headers({ ...problem.headers, 'content-type': 'application/problem+json' })
      .send(JSON.stringify(problem.getResponse()));
  }
}

const KNOWN: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['malformed-request', 'The request cannot be read'],
  401: ['unauthenticated', 'A valid token is needed'],
  404: ['not-found', 'There is nothing here'],
  408: ['request-timeout', 'The request took too long to arrive'],
  413: ['too-large', 'The request is too large'],
  415: ['unsupported-media-type', 'The content type is not supported'],
  429: ['too-many-requests', 'Too many requests'],
};

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (databaseIsAway(error)) return unavailable;
  const status = statusOf(error);
  const [type, title] = KNOWN[status] ?? ['refused', 'The request was refused'];
  if (status >= 500) return internal;
  return new Problem({ type, status, title, detail: (error as Error).message });
}

/**
 * Fastify's own errors carry a status, Nest's have a method for it; anything else is a fault of
 * ours.
 */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

const internal = new Problem({
  type: 'internal',
  status: 500,
  title: 'Something went wrong on our side',
  detail: 'Repeat the request with the same Idempotency-Key: it has one effect at most.',
});

const unavailable = new Problem({
  type: 'unavailable',
  status: 503,
  title: 'The service is not available right now',
  detail: 'Repeat the request with the same Idempotency-Key in a moment.',
  headers: { 'retry-after': '1' },
});

/**
 * SQL class 08 connection, 40 lost a race, 53 resources, 57 stopped by an operator or a time-out;
 * or a dead socket.
 */
function databaseIsAway(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return /^(08|40|53|57)|^E(CONN|PIPE|TIMEDOUT|HOST)/.test(code);
  const message = error instanceof QueryFailedError || error instanceof Error ? error.message : '';
  return /connection (terminated|timeout|ended)|timeout exceeded when trying to connect/i.test(
    message,
  );
}
