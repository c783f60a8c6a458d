import { type ProblemKind, problems } from '@checkout/api';
import type { Log } from '@checkout/eos';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import type { Reply, Request } from './application.js';
import { Problem } from './problem.js';

/**
 * Every answer that is not a success leaves through here, as a problem document.
 *
 * Guarantee: what we did not foresee is a 500 that says nothing about our insides; the log has the
 * cause and the path. A client that does not wait for its answer is no fault of ours.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<Request>(), http.getResponse<Reply>());
  }

  /** For routes and hooks that Nest does not know. */
  answer(error: unknown, request: Request, reply: Reply): void {
    const problem = asProblem(error);
    if (problem.getStatus() >= 500) {
      const route = `${request.method} ${request.routeOptions.url ?? 'unknown route'}`;
      if (wasHungUpOn(error, reply)) {
        this.log.info({ route }, 'the client hung up before it had its answer');
      } else {
        this.log.error({ route, err: error }, 'a request failed for a reason of our own');
      }
    }
    if (!reply.sent && !reply.raw.headersSent) refuse(problem, reply);
  }
}

/** What was being sent was broken off, and there is nobody to send it to. */
function wasHungUpOn(error: unknown, { raw }: Reply): boolean {
  const { code } = error as { code?: unknown };
  return raw.destroyed && (code === 'UND_ERR_ABORTED' || code === 'ERR_STREAM_PREMATURE_CLOSE');
}

/** Answers with the problem that an error is. */
export function refuse(error: unknown, reply: Reply): void {
  const problem = asProblem(error);
  // Fastify would close a connection on which a body is still coming. A client that is still
  // sending would then find it reset, and never read why. The rest is read and thrown away, for as
  // long as a request may take.
  reply.removeHeader('connection');
  void reply
    .status(problem.getStatus())
    .headers({ ...problem.headers, 'content-type': 'application/problem+json' })
    .send(JSON.stringify(problem.getResponse()));
}

/** What the framework refuses by itself, by the status that it gives. */
const KNOWN: Readonly<Record<number, ProblemKind>> = {
  401: problems.unauthenticated,
  404: problems.notFound,
  408: problems.requestTimeout,
  413: problems.tooLarge,
  // An id of more than a hundred characters.
  414: problems.notFound,
  415: problems.unsupportedMediaType,
  429: problems.tooManyRequests,
  431: problems.headersTooLarge,
};

/** The framework's own words are left out: they repeat what was sent. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  // Asked first: a client that hung up is a reset connection too.
  if (status < 500) return new Problem(KNOWN[status] ?? problems.malformedRequest);
  return new Problem(databaseIsAway(error) ? problems.unavailable : problems.internal);
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
