import { parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

const schema = z.object({
  ...serviceEnv,
  /** Everything else is out of reach from the network; containers set 0.0.0.0. */
  HOST: z.string().default('127.0.0.1'),
  ORDER_URL: z.url(),
  PAYMENT_URL: z.url(),
  LEDGER_URL: z.url(),
  ENRICHMENT_URL: z.url(),
});
export type Config = z.infer<typeof schema>;

export const readConfig = (): Config => parseConfig(schema);
