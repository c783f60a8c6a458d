import type { PlaceOrder } from '@checkout/api';
import { type App, createApplication, type ApplicationOptions } from '@checkout/nest-service';
import { ApiContract, freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import type { Config } from '../config.js';
import { prepareFastify } from '../http.js';
import { OrderModule } from '../order.module.js';
import { OrderStreams } from '../order-streams.js';
import { statusProcessor } from '../runners.js';

export const SECRET = 'a secret of the tests that is long enough';

export interface OrderApplication {
  readonly app: App;
  /** `GET /api/orders/:id`, as they are registered. */
  readonly routes: readonly string[];
  readonly database: FreshDatabase;
  /** Everything that was logged, fields and messages. */
  readonly logged: readonly string[];
  /** Delivers what other services say of orders. */
  readonly hear: ReturnType<typeof statusProcessor>;
  stop(): Promise<void>;
}

export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The whole service without its consumers, on a PostgreSQL and a database of its own. */
export async function orderApplication(change: Partial<Config> = {}): Promise<OrderApplication> {
  const database = await freshDatabase();
  const logged: string[] = [];
  const routes: string[] = [];
  const config = { ...configFor(database.url), ...change };
  const app = await applicationOn(config, { logged, routes });
  return {
    app,
    routes,
    database,
    logged,
    hear: statusProcessor({
      dataSource: app.get(DataSource),
      streams: app.get(OrderStreams),
      log: quiet,
    }),
    async stop() {
      await app.close();
      await database.drop();
    },
  };
}

export function configFor(databaseUrl: string): Config {
  return {
    PORT: 0,
    RUN_MODE: 'test',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'text',
    KAFKA_BROKERS: [],
    INSTANCE_ORDINAL: 0,
    DATABASE_URL: databaseUrl,
    SESSION_SECRET: SECRET,
    OVERDUE_AFTER_MS: 60_000,
    ORDER_REQUESTS_PER_MINUTE: 100_000,
  };
}

interface ApplicationSettings {
  /** Receive what is logged, and the routes that are made. */
  readonly logged?: string[];
  readonly routes?: string[];
  readonly requestTimeoutMs?: number;
}

/** Another replica, when called again for the same database. */
export async function applicationOn(
  config: Config,
  { logged = [], routes = [], requestTimeoutMs = 10_000 }: ApplicationSettings = {},
): Promise<App> {
  const note = (fields: object, message: string): void => {
    logged.push(`${JSON.stringify(fields)} ${message}`);
  };
  const log: ApplicationOptions['log'] = { info: note, warn: note, error: note };
  const app = await createApplication({
    module: OrderModule.for(config, log),
    log,
    requestTimeoutMs,
    prepareFastify: async (fastify) => {
      fastify.addHook(
        'onRoute',
        ({ method, url }) => void routes.push(`${method.toString()} ${url}`),
      );
      await prepareFastify(fastify);
    },
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return judged(app);
}

export const contract = new ApiContract();

type Inject = (request: { method?: string; url: string }) => ReturnType<App['inject']>;

/** Every answer that a test gets is held against the OpenAPI document, whatever it is about. */
function judged(app: App): App {
  const inject = app.inject.bind(app) as Inject;
  const judging: Inject = async (request) => {
    const { method = 'GET', url } = request;
    const answer = await inject(request);
    const { statusCode: status, headers, body } = answer;
    const isPublic = url.startsWith('/api/') && contract.find(method, url) !== undefined;
    if (!isPublic && (status === 404 || url.startsWith('/internal/'))) return answer;
    const faults = contract.faultsOf({ method, url, status, headers, body });
    if (faults.length > 0) throw new Error(`${method} ${url}: ${faults.join(', ')}: ${body}`);
    return answer;
  };
  return new Proxy(app, {
    get: (target, name) => (name === 'inject' ? judging : (Reflect.get(target, name) as unknown)),
  });
}

export interface Customer {
  readonly customerId: string;
  readonly token: string;
}

export async function signIn(app: App, customerId?: string): Promise<Customer> {
  const payload = customerId ? { customerId } : {};
  const answer = await app.inject({ method: 'POST', url: '/api/session', payload });
  return answer.json<Customer>();
}

export const bearer = ({ token }: Customer) => ({ authorization: `Bearer ${token}` });

export const twoCups: PlaceOrder = {
  lines: [{ sku: 'espresso-cup', quantity: 2 }],
  paymentMethod: 'pm_card_visa',
};

export async function place(app: App, customer: Customer, { key, body }: Placing) {
  const headers = { ...bearer(customer), 'idempotency-key': key };
  return app.inject({ method: 'POST', url: '/api/orders', headers, payload: body ?? twoCups });
}

export interface Placing {
  readonly key: string;
  /** {@link twoCups}, when absent. */
  readonly body?: object;
}

/** Places an order and returns its id. */
export async function placed(app: App, customer: Customer, key: string): Promise<string> {
  const answer = await place(app, customer, { key });
  if (answer.statusCode !== 201) throw new Error(`not placed: ${answer.body}`);
  return answer.json<{ id: string }>().id;
}
