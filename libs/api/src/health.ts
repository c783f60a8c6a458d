import { z } from 'zod';
import type { Operation } from './operation.js';

export const readiness = z
  .object({
    ready: z.boolean(),
    detail: z.string(),
    services: z
      .array(z.object({ name: z.string(), ready: z.boolean(), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readiness>;

/** On every service; these are the public ones, of the console's server. */
export const healthOperations: readonly Operation[] = [
  {
    id: 'live',
    method: 'GET',
    path: '/health/live',
    summary: 'The process answers',
    access: 'public',
    answers: {
      200: { description: 'It does.', schema: z.object({ live: z.literal(true) }) },
    },
    problems: [],
  },
  {
    id: 'ready',
    method: 'GET',
    path: '/health/ready',
    summary: 'The shop can do its work',
    access: 'public',
    answers: {
      200: { description: 'Every service is ready.', schema: readiness },
      503: { description: 'At least one is not; `detail` says which.', schema: readiness },
    },
    problems: [],
  },
];
