import { databaseEnv, parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

export const config = parseConfig(
  z
    .object({
      ...serviceEnv,
      ...databaseEnv,
      /** Who is told of events; nobody, when absent. */
      WEBHOOK_URL: z.url('expected http://host:port/path').optional(),
      /** With what they are signed: as long as a key of HMAC-SHA256 should be. */
      WEBHOOK_SECRET: z
        .string()
        .regex(/^whsec_\w{32,}$/, 'expected whsec_ and 32 characters or more')
        .optional(),
    })
    .refine(({ WEBHOOK_URL, WEBHOOK_SECRET }) => !WEBHOOK_URL === !WEBHOOK_SECRET, {
      path: ['WEBHOOK_SECRET'],
      message: 'expected together with WEBHOOK_URL, or neither of them',
    }),
);
