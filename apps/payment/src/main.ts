import 'reflect-metadata';
import {
  type App,
  createLog,
  kafkaConnection,
  type RunnerTools,
  startService,
} from '@checkout/nest-service';
import type { Runner } from '@checkout/eos';
import { DataSource } from 'typeorm';
import { systemClock } from './clock.js';
import { config } from './config.js';
import { consumers } from './consumers.js';
import { ChargeWorker } from './charge-worker.js';
import { StripeGateway } from './gateway/stripe-gateway.js';
import { newIncarnation, systemRandom } from './ids.js';
import { Leases } from './leases.js';
import { PaymentModule } from './payment.module.js';
import { PaymentStore } from './payment-store.js';
import { assertTiming, CALL_TIMEOUT_MS } from './timing.js';
import { keepBodiesRaw } from './webhooks.js';

assertTiming();
const serviceLog = createLog('payment');
const clock = systemClock(config.CLOCK_SKEW_MS);
const webhooks = { secrets: config.STRIPE_WEBHOOK_SECRET, clock, log: serviceLog };
await startService({
  name: 'payment',
  log: serviceLog,
  port: config.PORT,
  module: PaymentModule.for(config.DATABASE_URL, webhooks),
  prepareFastify: keepBodiesRaw,
  runners,
});

function runners(app: App, { log, onFatal }: RunnerTools): readonly Runner[] {
  const database = app.get(DataSource);
  const leases = new Leases(database, newIncarnation(config.INSTANCE_ORDINAL));
  const store = new PaymentStore(database, clock, leases.owner);
  const gateway = new StripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    apiBase: config.STRIPE_API_BASE,
    timeoutMs: CALL_TIMEOUT_MS,
  });
  const world = { gateway, store, clock, random: systemRandom, log };
  const worker = new ChargeWorker(leases, world, onFatal);
  const connection = kafkaConnection('payment', config);
  return [worker, ...consumers({ database, worker, clock, connection, log, onFatal })];
}
