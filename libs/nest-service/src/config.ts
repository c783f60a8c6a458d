import { z } from 'zod';

/**
 * Configuration is one typed value, parsed at boot or die: the only file of a service that reads
 * `process.env` is its `config.ts`, and it does so through here.
 */

/** EX_CONFIG of sysexits.h: a supervisor need not restart what cannot start. */
const EXIT_CODE_CONFIG = 78;

/** Returns the parsed environment, or prints every fault, one line each, and ends the process. */
export function parseConfig<S extends z.ZodType>(
  schema: S,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<S> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  process.stderr.write(`${configFaults(parsed.error).join('\n')}\n`);
  process.exit(EXIT_CODE_CONFIG);
}

/** Names the variable and what was expected, never the value: it may be a secret. */
export function configFaults(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

const wholeNumber = (from: number, to: number, purpose: string) =>
  z
    .string(`expected ${purpose}: a whole number from ${from} to ${to}`)
    .regex(/^\d{1,9}$/, `expected ${purpose}: a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((n) => n >= from && n <= to, `expected ${purpose}: from ${from} to ${to}`);

const logLevel = z.enum(['debug', 'info', 'warn', 'error']);
const logFormat = z.enum(['text', 'json']);

export const serviceEnv = {
  /** 0 draws a free port: for tests. */
  PORT: wholeNumber(0, 65_535, 'the HTTP port'),
  RUN_MODE: z.enum(['production', 'local', 'test', 'lab']).default('production'),
  LOG_LEVEL: logLevel.default('info'),
  LOG_FORMAT: logFormat.default('json'),
};

export const kafkaEnv = {
  KAFKA_BROKERS: z
    .string('expected host:port, separated by commas')
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'expected host:port, separated by commas')
    .transform((list) => list.split(',')),
  /** Which replica of the service this is: it names the static group member. */
  INSTANCE_ORDINAL: wholeNumber(0, 999, 'the number of this replica').prefault('0'),
  /** Where to write down what is read, for the judge; nothing is written without it. */
  RECORD_DIR: z.string().min(1, 'expected a folder').optional(),
};

export const databaseEnv = {
  DATABASE_URL: z
    .string('expected postgres://user:password@host:port/database')
    .regex(
      /^postgres(ql)?:\/\/[^\s/]+\/[^\s/]+$/,
      'expected postgres://user:password@host:port/database',
    ),
};

const logEnv = z.object({
  LOG_LEVEL: logLevel.catch('info'),
  LOG_FORMAT: logFormat.catch('json'),
});

/** Lenient on purpose: whoever reports a fault of the configuration needs a log. */
export function logSettings(env: NodeJS.ProcessEnv = process.env): z.infer<typeof logEnv> {
  return logEnv.parse(env);
}
