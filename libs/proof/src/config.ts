import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What the process of the judge is told. Addresses by environment, the rest by arguments. */
const databaseUrl = z
  .string('expected postgres://user:password@host:port/database')
  .regex(/^postgres(ql)?:\/\/[^\s/]+\/[^\s/]+$/, 'expected postgres://user:password@host:port/…');

const environment = z.object({
  KAFKA_BROKERS: z
    .string('expected host:port, separated by commas')
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'expected host:port, separated by commas')
    .transform((list) => list.split(',')),
  GATEWAY_URL: z.url('expected http://host:port'),
  ORDERS_DATABASE_URL: databaseUrl,
  PAYMENTS_DATABASE_URL: databaseUrl,
  LEDGER_DATABASE_URL: databaseUrl,
  GATEWAY_DATABASE_URL: databaseUrl,
  /** Where clients and services have written down what they did. */
  RUN_DIR: z.string().min(1).optional(),
  /** How long a busy system may take to come to rest. */
  SETTLE_WITHIN_MS: z
    .string()
    .regex(/^\d{1,7}$/, 'expected milliseconds')
    .transform(Number),
});
export interface JudgeConfig extends z.infer<typeof environment> {
  readonly json: boolean;
  /** Nothing is waited for: only what holds at every moment is judged. */
  readonly now: boolean;
}

export function readConfig(args: readonly string[], env = process.env): JudgeConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((one) => `${one.path.join('.')}: ${one.message}`);
    throw new Error(faults.join('\n'));
  }
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      now: { type: 'boolean', default: false },
    },
  });
  return { ...parsed.data, ...values };
}
