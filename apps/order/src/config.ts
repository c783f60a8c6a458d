import { databaseEnv, kafkaEnv, parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

/** HS256 wants a key at least as long as its hash. */
const SECRET_CHARACTERS = 32;

const environment = z.object({
  ...serviceEnv,
  ...kafkaEnv,
  ...databaseEnv,
  SESSION_SECRET: z
    .string(`expected a secret of at least ${SECRET_CHARACTERS} characters`)
    .min(SECRET_CHARACTERS, `expected at least ${SECRET_CHARACTERS} characters`),
});

export type Config = z.infer<typeof environment>;

export function readConfig(): Config {
  return parseConfig(environment);
}
