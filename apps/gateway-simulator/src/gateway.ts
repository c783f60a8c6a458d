import type { ApplicationOptions } from '@checkout/nest-service';
import formbody from '@fastify/formbody';
import type { WebhookEndpoint } from './events/webhook-endpoint.js';
import { GatewayModule } from './gateway.module.js';

/**
 * The gateway as an application: it reads forms, as the Stripe API does, and keeps its books in one
 * database.
 */
export function gatewayApplication(
  databaseUrl: string,
  endpoint: WebhookEndpoint | null,
): Omit<ApplicationOptions, 'log'> {
  return {
    module: GatewayModule.on(databaseUrl, endpoint),
    prepareFastify: async (fastify) => void (await fastify.register(formbody)),
  };
}
