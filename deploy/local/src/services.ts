/**
 * The services: one row each. What a service needs before it starts, and what its environment says
 * beyond what every service is told. Each has its own database role and sees no other's password.
 */
import { childEnvironment, nodeCache, repository } from './environment.ts';
import { keepsState } from './data-format.ts';
import { urlOf, type Database } from './databases.ts';
import { evidenceOf } from './evidence.ts';
import { STREAMS_PART, streamsProgram, type Program } from './enrichment-streams.ts';
import type { Part, Surroundings } from './part.ts';
import type { ProcessSpec } from './supervised.ts';

interface Service {
  readonly name: string;
  readonly needs: readonly string[];
  /** `/health/ready`, when absent. */
  readonly probe?: string;
  env(around: Surroundings): Record<string, string>;
}

const ENRICHMENT = 'enrichment';

const services: readonly Service[] = [
  {
    name: 'gateway-simulator',
    needs: ['build', 'postgres'],
    env: (a) => ({
      DATABASE_URL: own(a, 'gateway'),
      // By the public door, as a gateway outside would.
      WEBHOOK_URL: `http://127.0.0.1:${a.ports['console']}/webhooks/stripe`,
      WEBHOOK_SECRET: newestOf(a.env['STRIPE_WEBHOOK_SECRET']) ?? a.secrets.webhookSecret,
    }),
  },
  {
    name: 'order',
    needs: ['topics', 'postgres'],
    env: (a) => ({ DATABASE_URL: own(a, 'orders'), SESSION_SECRET: a.secrets.sessionSecret }),
  },
  {
    name: 'payment',
    needs: ['topics', 'postgres', 'gateway-simulator'],
    env: (a) => ({
      DATABASE_URL: own(a, 'payments'),
      STRIPE_API_BASE: `http://127.0.0.1:${a.ports['gateway-simulator']}`,
      STRIPE_SECRET_KEY: 'sk_test_local',
      STRIPE_WEBHOOK_SECRET: a.secrets.webhookSecret,
    }),
  },
  { name: ENRICHMENT, needs: ['topics'], env: () => ({}) },
  {
    name: 'ledger',
    needs: ['topics', 'postgres'],
    env: (a) => ({ DATABASE_URL: own(a, 'ledger') }),
  },
  {
    name: 'console',
    needs: ['build'],
    // Its readiness is that of the whole shop. Each service is waited for by itself.
    probe: '/health/live',
    env: (a) => ({
      ...evidenceOf({ ...a, runDir: a.folder.path }),
      ORDER_URL: `http://127.0.0.1:${a.ports['order']}`,
      ENRICHMENT_URL: `http://127.0.0.1:${a.ports['enrichment']}`,
      PAYMENT_URL: `http://127.0.0.1:${a.ports['payment']}`,
      LEDGER_URL: `http://127.0.0.1:${a.ports['ledger']}`,
      // Load tools on this machine open a thousand at once.
      SESSIONS_PER_MINUTE: '1000000',
    }),
  },
];

export const serviceNames = services.map(({ name }) => name);

export function serviceParts(around: Surroundings): Part[] {
  return services.map((service) => ({
    name: service.name,
    needs: isStreams(service, around) ? [...service.needs, STREAMS_PART] : service.needs,
    start: async () => {
      if (service.name === ENRICHMENT) keepsState(around.folder, around.enrichment);
      await around.supervisor.start(await serviceProcess(service, around));
      return `http://127.0.0.1:${around.ports[service.name]}`;
    },
  }));
}

/** The one part of which there are two programs: who asks for it by name gets the chosen one. */
function isStreams({ name }: Service, { enrichment }: Surroundings): boolean {
  return name === ENRICHMENT && enrichment === 'streams';
}

async function serviceProcess(service: Service, around: Surroundings): Promise<ProcessSpec> {
  const port = around.ports[service.name] ?? 0;
  const program = isStreams(service, around) ? streamsProgram(around) : nodeProgram(service);
  const env = childEnvironment({
    ...program.env,
    RUN_MODE: 'local',
    LOG_FORMAT: 'text',
    INSTANCE_ORDINAL: '0',
    KAFKA_BROKERS: around.addresses.brokers,
    ...service.env(around),
    ...around.env,
    ...recording(around),
    PORT: String(port),
  });
  return {
    name: service.name,
    command: program.command,
    args: program.args,
    cwd: repository,
    env: await around.envOf(service.name, env),
    port,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    readyWithinMs: 90_000,
    isReady: async () => {
      const signal = AbortSignal.timeout(2_000);
      const probe = service.probe ?? '/health/ready';
      return (await fetch(`http://127.0.0.1:${port}${probe}`, { signal })).ok;
    },
  };
}

function nodeProgram({ name }: Service): Program {
  return {
    command: process.execPath,
    // Small young generation and heap: a service holds pages of rows, not data sets.
    args: ['--max-old-space-size=192', `apps/${name}/dist/main.js`],
    env: nodeCache,
  };
}

/** The shop believes several while one follows the other; the simulator signs with the last. */
function newestOf(secrets: string | undefined): string | undefined {
  return secrets?.split(',').at(-1);
}

/** With RECORD=1 each service writes down what it reads, for the judge. */
function recording({ env, folder }: Surroundings): Record<string, string> {
  return env['RECORD'] === '1' ? { RECORD_DIR: folder.file('record') } : {};
}

function own(around: Surroundings, database: Database): string {
  const password = around.secrets.passwords[database];
  return urlOf(around.addresses.databaseUrl, database, { name: database, password });
}
