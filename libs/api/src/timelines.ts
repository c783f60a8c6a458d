import { z } from 'zod';
import type { Operation } from './operation.js';
import { orderPath } from './orders.js';
import { problems } from './problems.js';
import { uuid } from './uuid.js';

const fact = z.object({
  at: z.iso.datetime().meta({ description: 'When it became durable.' }),
  what: z.string().meta({ description: 'Short name of the kind of fact.' }),
  text: z.string().meta({ description: 'In plain words.' }),
  details: z.record(z.string(), z.unknown()).meta({
    description: 'Where to find it: rows, topic-partition-offset, request ids, attempts.',
  }),
});

/** What one service knows of an order: `GET /internal/orders/{id}/facts`, on loopback only. */
export const serviceFacts = z.object({ service: z.string(), facts: z.array(fact) });
export type ServiceFacts = z.infer<typeof serviceFacts>;
export type KnownFact = z.infer<typeof fact>;

/** Facts are told by time; those of one millisecond stay in the order in which they were found. */
export function byTime(a: Pick<KnownFact, 'at'>, b: Pick<KnownFact, 'at'>): number {
  return Date.parse(a.at) - Date.parse(b.at);
}

const timeline = z
  .object({
    orderId: uuid,
    facts: z
      .array(fact.extend({ service: z.string() }).meta({ id: 'Fact' }))
      .meta({ description: 'Of all services, by time.' }),
    missing: z.array(z.string()).meta({
      description: 'Services that did not answer: what they know is not in the list.',
    }),
  })
  .meta({ id: 'Timeline' });
export type Timeline = z.infer<typeof timeline>;

export const timelineOperations: readonly Operation[] = [
  {
    id: 'getTimeline',
    method: 'GET',
    path: '/api/orders/{id}/timeline',
    summary: 'Everything that is known of one of your orders',
    access: 'customer',
    parameters: { path: orderPath },
    answers: { 200: { description: 'The facts, hop by hop.', schema: timeline } },
    problems: [problems.notFound],
  },
];
