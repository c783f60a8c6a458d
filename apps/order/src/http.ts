import { type Fastify, refuseCardNumbers } from '@checkout/nest-service';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';

/** Beyond that, the requests of those who were quiet longest are forgotten. */
const CUSTOMERS_COUNTED = 10_000;

/** What every request passes before the routes. */
export async function prepareFastify(fastify: Fastify): Promise<void> {
  await fastify.register(cookie);
  await fastify.register(rateLimit, { global: false, cache: CUSTOMERS_COUNTED });
  refuseCardNumbers(fastify);
}
