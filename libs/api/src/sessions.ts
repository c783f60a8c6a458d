import { z } from 'zod';
import type { Operation } from './operation.js';
import { problems } from './problems.js';
import { uuid } from './uuid.js';

export const openSession = z.strictObject({ customerId: uuid.optional() }).meta({
  id: 'OpenSession',
  description: 'Only the demo lets you say who you are; without it you are a new customer.',
});
export type OpenSession = z.infer<typeof openSession>;

export const session = z
  .object({
    token: z.string().meta({ description: 'Signed, good for 12 hours.' }),
    customerId: uuid,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const sessionOperations: readonly Operation[] = [
  {
    id: 'openSession',
    method: 'POST',
    path: '/api/session',
    summary: 'Open a session',
    description:
      'The token comes back in the body, for programs, and as an HttpOnly cookie, for ' +
      'browsers, whose EventSource cannot send a header. Send either. When it has expired, ' +
      'the answer to any other call is 401 `session-expired`.',
    access: 'public',
    body: openSession.optional(),
    answers: {
      201: {
        description: 'The session. Set-Cookie carries the same token.',
        schema: session,
        headers: { 'Set-Cookie': z.string() },
      },
    },
    problems: [problems.notInDemoMode, problems.tooManyRequests],
  },
];
