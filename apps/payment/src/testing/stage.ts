import type { Log } from '@checkout/eos';
import type { Payload } from '@checkout/events';
import { connectAndMigrate, postgresOptions } from '@checkout/nest-service';
import { freshDatabase, type FreshDatabase, until } from '@checkout/testkit';
import type { DataSource } from 'typeorm';
import { chargeOrder, type World } from '../charge-order.js';
import { ChargeWorker } from '../charge-worker.js';
import type { Clock } from '../clock.js';
import { chargeProcessor, type Wanted } from '../consumers.js';
import type { Operation } from '../frozen-request.js';
import { type Gateway, StripeGateway } from '../gateway/stripe-gateway.js';
import { newIncarnation } from '../ids.js';
import { Leases } from '../leases.js';
import { migrations } from '../migrations.js';
import type { Work } from '../payment.js';
import { BEING_WORKED } from '../payment-state.js';
import { PaymentStore } from '../payment-store.js';
import { deathOf, dying } from './dying-gateway.js';
import { type Approval, approvalOf, cancelOf, delivery } from './given.js';
import { Simulator, type WebhookEndpoint } from './simulator.js';

/**
 * Real PostgreSQL, the real simulator as a process, the real SDK; only Kafka is left out: batches
 * are handed over.
 */
export const DAY_AND_MORE_MS = 25 * 3_600_000;

export interface Replica {
  readonly leases: Leases;
  readonly world: World;
  readonly worker: ChargeWorker;
}

export class Stage {
  /** Shifted by tests: the service's clock, not the gateway's. */
  skewMs = 0;
  readonly clock: Clock = () => performance.timeOrigin + performance.now() + this.skewMs;
  readonly lines: string[] = [];
  readonly bugs: Error[] = [];
  readonly log: Log = {
    info: (_fields, line) => void this.lines.push(line),
    warn: (_fields, line) => void this.lines.push(line),
    error: (_fields, line) => void this.lines.push(line),
  };
  readonly #replicas: Replica[] = [];
  readonly #gateways: Gateway[] = [];

  private constructor(
    private readonly databases: readonly FreshDatabase[],
    readonly dataSource: DataSource,
    readonly simulator: Simulator,
  ) {}

  static async open(endpoint: WebhookEndpoint | null = null): Promise<Stage> {
    const [database, books] = await Promise.all([freshDatabase(), freshDatabase()]);
    const options = { entities: [], migrations, pool: 20 };
    const [dataSource, simulator] = await Promise.all([
      connectAndMigrate(postgresOptions(database.url, options)),
      Simulator.start(books.url, endpoint),
    ]);
    return new Stage([database, books], dataSource, simulator);
  }

  async close(): Promise<void> {
    await this.endReplicas();
    await this.simulator.kill();
    await this.dataSource.destroy();
    await Promise.all(this.databases.map((one) => one.drop()));
  }

  gateway(timeoutMs = 8_000): Gateway {
    const gateway = new StripeGateway({
      secretKey: 'sk_test_payment',
      apiBase: this.simulator.url,
      timeoutMs,
    });
    this.#gateways.push(gateway);
    return gateway;
  }

  /** One replica of the service; its worker is not started. */
  replica(given: { gateway?: Gateway; ordinal?: number } = {}): Replica {
    const leases = new Leases(this.dataSource, newIncarnation(given.ordinal ?? 0));
    const store = new PaymentStore(this.dataSource, this.clock, leases.owner);
    const gateway = given.gateway ?? this.gateway();
    const world = { gateway, store, clock: this.clock, random: () => 0, log: this.log };
    const replica = {
      leases,
      world,
      worker: new ChargeWorker(leases, world, (bug) => void this.bugs.push(bug)),
    };
    this.#replicas.push(replica);
    return replica;
  }

  /** A replica whose first outcomes cannot be written; tells how many of them are still to fail. */
  failingToWrite(times: number): { replica: Replica; left(): number } {
    const replica = this.replica();
    const { store } = replica.world;
    const writeDown = store.writeDown.bind(store);
    let left = times;
    store.writeDown = (...step) =>
      left-- > 0 ? Promise.reject(new Error('the database is away')) : writeDown(...step);
    return { replica, left: () => left };
  }

  /** Between two tests: no worker, no planned fault, the time of the wall. */
  async reset(): Promise<void> {
    await this.endReplicas();
    await this.simulator.plan();
    await this.simulator.setClock(0);
    this.skewMs = 0;
    this.lines.length = 0;
    const bugs = this.bugs.splice(0);
    if (bugs.length > 0) throw new AggregateError(bugs, 'the worker met a bug');
  }

  /** Gateway and service both live through a day: the gateway forgets its keys. */
  async dayPasses(): Promise<void> {
    this.skewMs = DAY_AND_MORE_MS;
    await this.simulator.setClock(DAY_AND_MORE_MS);
  }

  async endReplicas(): Promise<void> {
    await Promise.all(this.#replicas.splice(0).map(({ worker }) => worker.stop()));
    for (const gateway of this.#gateways.splice(0)) gateway.close();
  }

  /** What a worker does first; without a started worker nothing else happens. */
  async claim({ leases }: Replica): Promise<Work> {
    const [work] = await leases.claim(1);
    if (!work) throw new Error('nothing was due');
    return work;
  }

  /** A worker takes the order's next steps and dies at one of them. */
  async dies(
    moment: 'before' | 'after',
    operation: Operation,
    { payload: { orderId } }: Approval,
  ): Promise<void> {
    const mortal = this.replica({ gateway: dying(moment, operation, this.gateway()) });
    const work = await this.claim(mortal);
    if (work.payment.orderId !== orderId) throw new Error(`${orderId} was not due first`);
    const end = await chargeOrder(work, mortal.world).then(String, (error: Error) => error.message);
    if (end !== deathOf(moment, operation)) throw new Error(`the worker did not die: ${end}`);
  }

  /** Works until the payments are over, as the next life of the replica does after a crash. */
  async recover(
    approvals: Approval | readonly Approval[],
    replica = this.replica(),
  ): Promise<void> {
    const orders = [approvals].flat().map(({ payload }) => payload.orderId);
    await replica.worker.start();
    await until({ what: 'the payments are over', withinMs: 15_000, everyMs: 20 }, async () => {
      const rows = await this.dataSource.query<unknown[]>(
        `SELECT FROM payments WHERE order_id = ANY ($1) AND state IN ${BEING_WORKED}`,
        [orders],
      );
      return rows.length === 0;
    });
    await replica.worker.stop();
  }

  /** The idempotency keys of everything that was posted about an order, in order. */
  async keysOf(approval: Approval): Promise<(string | null)[]> {
    const requests = await this.simulator.requests(approval.payload.orderId);
    return requests.filter(({ method }) => method === 'POST').map((r) => r.idempotencyKey);
  }

  /** Hands one batch to the inbox, as the engine does. */
  async deliver(events: readonly Wanted[], wake: () => void = () => undefined): Promise<void> {
    const { dataSource: database, clock, log } = this;
    const process = chargeProcessor({ database, worker: { wake }, clock, log });
    await process(events.map(delivery));
  }

  async approve(given: Partial<Payload<'OrderApproved'>> = {}): Promise<Approval> {
    const approval = approvalOf(given);
    await this.deliver([approval]);
    return approval;
  }

  cancel(approval: Approval, wake?: () => void): Promise<void> {
    return this.deliver([cancelOf(approval)], wake);
  }

  payment(approval: Approval): Promise<PaymentRow> {
    return this.one<PaymentRow>('SELECT * FROM payments WHERE order_id = $1', approval);
  }

  attempts(approval: Approval): Promise<AttemptRow[]> {
    return this.dataSource.query<AttemptRow[]>(
      `SELECT operation, attempt, idempotency_key, state, evidence, request FROM attempts
       WHERE order_id = $1 ORDER BY created_at, operation DESC`,
      [approval.payload.orderId],
    );
  }

  async events(approval: Approval): Promise<PublishedEvent[]> {
    const rows = await this.dataSource.query<{ type: string; payload: string; same: boolean }[]>(
      `SELECT type, payload, o.xid = CASE type WHEN 'PaymentRefunded' THEN p.refunded_xid
         ELSE p.decided_xid END AS same
       FROM outbox o JOIN payments p ON p.order_id::text = o.aggregateid
       WHERE o.aggregateid = $1 ORDER BY o.created_at`,
      [approval.payload.orderId],
    );
    return rows.map(({ type, payload, same }) => ({
      type,
      sameDatabaseTransaction: same,
      ...(JSON.parse(payload) as object),
    }));
  }

  private async one<Row extends object>(sql: string, approval: Approval): Promise<Row> {
    const [row] = await this.dataSource.query<Row[]>(sql, [approval.payload.orderId]);
    if (!row) throw new Error(`order ${approval.payload.orderId} has no row`);
    return row;
  }
}

export interface PaymentRow {
  readonly state: string;
  readonly payment_intent_id: string | null;
  readonly reason: string | null;
  readonly fee: string | null;
  readonly tries: number;
  readonly lease_owner: string | null;
  readonly refund_reference: string | null;
}
export interface AttemptRow {
  readonly operation: string;
  readonly attempt: number;
  readonly idempotency_key: string;
  readonly state: string;
  readonly evidence: string | null;
  readonly request: string;
}
export interface PublishedEvent {
  readonly type: string;
  readonly sameDatabaseTransaction: boolean;
  readonly [field: string]: unknown;
}
