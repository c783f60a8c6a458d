import { problems } from '@checkout/api';
import { type Fastify, Problem } from '@checkout/nest-service';
import rateLimit from '@fastify/rate-limit';

const MINUTE_MS = 60_000;
/** Addresses that are counted; beyond that, those that were quiet longest are forgotten. */
const COUNTED = 10_000;

/**
 * So many sessions a minute an address may open. An IPv6 address counts by its network of 64 bits,
 * which one household or one server has to itself.
 */
export async function limitSessions(fastify: Fastify, perMinute: number): Promise<void> {
  await fastify.register(rateLimit, { global: false, cache: COUNTED });
  const check = fastify.createRateLimit({ max: perMinute, timeWindow: MINUTE_MS });
  fastify.addHook('onRequest', async (request) => {
    // As the router has read the path: there are many ways to write one.
    const { '*': rest } = request.params as { '*'?: string };
    const opens = request.method === 'POST' && rest === 'session';
    if (!opens || request.routeOptions.url !== '/api/*') return;
    const limit = await check(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    throw new Problem(problems.tooManyRequests, {
      headers: { 'retry-after': String(limit.ttlInSeconds) },
    });
  });
}
