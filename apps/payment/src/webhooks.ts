import type { Log } from '@checkout/eos';
import type { Fastify } from '@checkout/nest-service';
import type { Clock } from './clock.js';

/** What the route of the webhooks needs besides the database. */
export interface Webhooks {
  /** Any of them is believed. Without one, nobody can be and nothing is accepted. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

export const WEBHOOKS = Symbol('what the webhooks need');

/** A signature is about bytes: this service reads no body as anything else. */
export function keepBodiesRaw(fastify: Fastify): void {
  fastify.removeContentTypeParser('application/json');
  const options = { parseAs: 'buffer' } as const;
  fastify.addContentTypeParser('application/json', options, (_request, body, done) => {
    done(null, body);
  });
}
