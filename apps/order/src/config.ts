import { databaseEnv, kafkaEnv, parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

/** HS256 wants a key at least as long as its hash. */
const SECRET_CHARACTERS = 32;

/**
 * How long an order may stay undecided. Four times the session time-out of a consumer, so that a
 * part that is restarted or replaced does not cost an order; and no longer than a customer waits.
 */
const OVERDUE_AFTER_MS = 60_000;

/**
 * Requests to place an order, of one customer, at one replica. A thousand customers of a load tool
 * who place a thousand orders a second send 60 each; a client that repeats without a pause sends
 * tens of thousands, and is stopped here.
 */
const ORDER_REQUESTS_PER_MINUTE = 1_200;

const environment = z.object({
  ...serviceEnv,
  ...kafkaEnv,
  ...databaseEnv,
  SESSION_SECRET: z
    .string(`expected a secret of at least ${SECRET_CHARACTERS} characters`)
    .min(SECRET_CHARACTERS, `expected at least ${SECRET_CHARACTERS} characters`),
  OVERDUE_AFTER_MS: z
    .string()
    .regex(/^[1-9]\d{2,6}$/, 'expected milliseconds, from 100 to 9999999')
    .default(String(OVERDUE_AFTER_MS))
    .transform(Number),
  ORDER_REQUESTS_PER_MINUTE: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'expected requests a minute, from 1 to 9999999')
    .default(String(ORDER_REQUESTS_PER_MINUTE))
    .transform(Number),
});

export type Config = z.infer<typeof environment>;

export function readConfig(): Config {
  return parseConfig(environment);
}
