import { z } from 'zod';
import type { Operation } from './operation.js';
import { problems } from './problems.js';

/** What became of an event that was accepted. */
const received = z
  .object({
    received: z.literal(true),
    outcome: z.enum(['looked-at', 'known', 'contradicts', 'not-ours']).meta({
      description:
        'The payment is looked at now; it was known; it cannot be, and a person is told; it is ' +
        'about no payment of ours.',
    }),
  })
  .meta({ id: 'WebhookReceived' });
export type WebhookReceived = z.infer<typeof received>;

export const webhookOperations: readonly Operation[] = [
  {
    id: 'receiveWebhook',
    method: 'POST',
    path: '/webhooks/stripe',
    summary: 'For the payment gateway: something happened there',
    description:
      'Believed only with a signature over the raw bytes, not older and not younger than five ' +
      'minutes. An event is taken note of once; what it says is looked up before it counts.',
    access: 'public',
    parameters: {
      header: z.object({
        'Stripe-Signature': z.string().meta({ description: 't=…,v1=…, by the shared secret.' }),
      }),
    },
    body: z.looseObject({ id: z.string(), type: z.string() }),
    answers: { 200: { description: 'Accepted, now or before.', schema: received } },
    problems: [problems.webhookRefused, problems.notFound],
  },
];
