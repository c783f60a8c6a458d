import { databaseEnv, kafkaEnv, parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

export const config = parseConfig(
  z.object({
    ...serviceEnv,
    ...kafkaEnv,
    ...databaseEnv,
    /** Any server that speaks the Stripe API; without it, Stripe's own test mode. */
    STRIPE_API_BASE: z.url('expected http://host:port').optional(),
    /** Test keys only: a live key in a demonstration shop would charge people. */
    STRIPE_SECRET_KEY: z.string('expected sk_test_…').regex(/^sk_test_\w+$/, 'expected sk_test_…'),
    /**
     * What the gateway signs its webhooks with; without it none is accepted. Several, separated by
     * commas, while one follows the other.
     */
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .transform((secrets) => secrets.split(','))
      .pipe(
        z.array(z.string().regex(/^whsec_\w{32,}$/, 'expected whsec_ and 32 characters or more')),
      )
      .default([]),
    CLOCK_SKEW_MS: z
      .string()
      .regex(/^\d{1,12}$/)
      .default('0')
      .transform(Number),
  }),
);
