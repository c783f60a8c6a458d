import { type App, createApplication, type ApplicationOptions } from '@checkout/nest-service';
import { databaseServer, freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import type { Config } from '../config.js';
import { prepareFastify } from '../http.js';
import { OrderModule } from '../order.module.js';
import { OrderStreams } from '../order-streams.js';
import type { PlaceOrder } from '../place-order.schema.js';
import { statusProcessor } from '../runners.js';

export const SECRET = 'a secret of the tests that is long enough';

export interface OrderApplication {
  readonly app: App;
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
  const server = await databaseServer();
  const database = await freshDatabase(server.adminUrl);
  const logged: string[] = [];
  const app = await applicationOn({ ...configFor(database.url), ...change }, logged);
  return {
    app,
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
      await server.stop();
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
  };
}

/** Another replica, when called again for the same database. */
export async function applicationOn(config: Config, logged: string[] = []): Promise<App> {
  const note = (fields: object, message: string): void => {
    logged.push(`${JSON.stringify(fields)} ${message}`);
  };
  const log: ApplicationOptions['log'] = { info: note, warn: note, error: note };
  const app = await createApplication({
    module: OrderModule.for(config, log),
    log,
    prepareFastify,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
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
