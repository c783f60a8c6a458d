import { z } from 'zod';
import type { Operation } from './operation.js';
import { problems } from './problems.js';

/** Of the year 9999. */
const LAST_SECOND = 253_402_300_799;
/** In which this shop speaks with the gateway, and is told. */
const VERSION = '2026-10-28.endive';

/**
 * What the gateway tells: what must be right before anything of it is taken note of. Its signature
 * has been looked at before. Events gain fields, and objects are of many kinds: both are open.
 */
export const webhookEvent = z
  .looseObject({
    id: z.string().regex(/^evt_\w{1,250}$/, 'expected the id of an event: evt_…'),
    object: z.literal('event'),
    type: z
      .string()
      .regex(/^[\w.]{1,255}$/, 'expected the kind of an event, such as charge.refunded'),
    created: z.int().min(0).max(LAST_SECOND).meta({ description: 'Seconds since 1970.' }),
    livemode: z
      .literal(false, 'expected an event of the test mode')
      .meta({ description: 'Real money is not for this shop.' }),
    api_version: z.literal(VERSION, `expected the API version ${VERSION}`),
    account: z
      .never('expected an event of our own account')
      .meta({ description: 'Events of an account that is connected to ours are not about orders.' })
      .optional(),
    data: z.looseObject({
      object: z.looseObject({}).meta({
        description: 'As it stood then. Payment intents and charges are looked up by their ids.',
      }),
    }),
  })
  .meta({ id: 'WebhookEvent' });

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
    body: webhookEvent,
    answers: { 200: { description: 'Accepted, now or before.', schema: received } },
    problems: [problems.webhookRefused, problems.notFound],
  },
];
