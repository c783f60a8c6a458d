import type { Fastify } from '@checkout/nest-service';
import cookie from '@fastify/cookie';
import { refuseCardNumbers } from './card-number.js';

/** What every request passes before the routes. */
export async function prepareFastify(fastify: Fastify): Promise<void> {
  await fastify.register(cookie);
  refuseCardNumbers(fastify);
}
