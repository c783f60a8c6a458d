import { problems } from '@checkout/api';
import { type Fastify, Problem, type Request } from '@checkout/nest-service';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { customerOf } from './signed-in.guard.js';
import { REQUESTS_PER_MINUTE } from './tokens.js';

type Limiter = ReturnType<Fastify['createRateLimit']>;

const MINUTE_MS = 60_000;
/**
 * So many requests a minute a customer may send to place orders, and then waits.
 *
 * It protects the other customers from one whose program repeats without a pause. How many orders
 * are too many for an honest customer is not decided here, but by the fraud check.
 * Not promised: one count for all replicas. Each counts for itself.
 */
@Injectable()
export class OrderLimitGuard implements CanActivate {
  private readonly check: Limiter;

  constructor({ httpAdapter }: HttpAdapterHost, @Inject(REQUESTS_PER_MINUTE) perMinute: number) {
    this.check = httpAdapter.getInstance<Fastify>().createRateLimit({
      max: perMinute,
      timeWindow: MINUTE_MS,
      keyGenerator: (request) => customerOf(request),
    });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const limit = await this.check(context.switchToHttp().getRequest<Request>());
    if (limit.isAllowed || !limit.isExceeded) return true;
    throw new Problem(problems.tooManyRequests, {
      headers: { 'retry-after': String(limit.ttlInSeconds) },
    });
  }
}
