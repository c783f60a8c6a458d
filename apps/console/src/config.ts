import { parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

/**
 * Of one address. A session is a new customer, and a new customer is a new count of requests at the
 * order service; a household behind one address does not open sixty in a minute.
 */
const SESSIONS_PER_MINUTE = 60;

/**
 * Where the evidence lies, for the judge (libs/proof). The console opens none of it; it hands the
 * addresses on. The databases' role may read and nothing else.
 */
const EVIDENCE = [
  'KAFKA_BROKERS',
  'GATEWAY_URL',
  'ORDERS_DATABASE_URL',
  'PAYMENTS_DATABASE_URL',
  'LEDGER_DATABASE_URL',
  'GATEWAY_DATABASE_URL',
  'RUN_DIR',
] as const;
/** Any of these means that there is to be a judge; brokers and folder are told to everybody. */
const MEANS_A_JUDGE = EVIDENCE.filter((name) => name.endsWith('_DATABASE_URL'));
export type EvidenceEnv = Readonly<Record<(typeof EVIDENCE)[number], string>>;

const address = z.string().min(1).optional();
const schema = z
  .object({
    ...serviceEnv,
    /** Everything else is out of reach from the network; containers set 0.0.0.0. */
    HOST: z.string().default('127.0.0.1'),
    ORDER_URL: z.url(),
    PAYMENT_URL: z.url(),
    LEDGER_URL: z.url(),
    ENRICHMENT_URL: z.url(),
    SESSIONS_PER_MINUTE: z
      .string()
      .regex(/^[1-9]\d{0,6}$/, 'expected sessions a minute, from 1 to 9999999')
      .default(String(SESSIONS_PER_MINUTE))
      .transform(Number),
    /** Proxies in front of this door, whose word for a client's address is taken. */
    TRUSTED_PROXIES: z
      .string()
      .regex(/^[\da-fA-F.:/]+(,[\da-fA-F.:/]+)*$/, 'expected addresses or networks, by commas')
      .transform((list) => list.split(','))
      .optional(),
    KAFKA_BROKERS: address,
    GATEWAY_URL: address,
    ORDERS_DATABASE_URL: address,
    PAYMENTS_DATABASE_URL: address,
    LEDGER_DATABASE_URL: address,
    GATEWAY_DATABASE_URL: address,
    RUN_DIR: address,
  })
  .superRefine((env, context) => {
    const given = MEANS_A_JUDGE.find((name) => env[name] !== undefined);
    if (given === undefined) return;
    for (const name of EVIDENCE.filter((one) => env[one] === undefined)) {
      const message = `expected with ${given}: the judge needs all of ${EVIDENCE.join(', ')}`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .transform(({ ...env }) => ({ ...env, evidence: evidenceOf(env) }));
export type Config = z.infer<typeof schema>;

export const readConfig = (env = process.env): Config => parseConfig(schema, env);

function evidenceOf(
  env: Partial<Record<keyof EvidenceEnv, string | undefined>>,
): EvidenceEnv | undefined {
  if (MEANS_A_JUDGE.some((name) => env[name] === undefined)) return undefined;
  return Object.fromEntries(EVIDENCE.map((name) => [name, env[name]])) as unknown as EvidenceEnv;
}
