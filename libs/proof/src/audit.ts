import type { Evidence } from './evidence/evidence.js';
import type { KafkaEvidence } from './evidence/kafka-log.js';
import { checkpointOf } from './checkpoint.js';
import { isoNow, stopwatch } from './clock.js';
import { inCausalOrder } from './invariants/all.js';
import { readBooks } from './gateway/read-books.js';
import { readKafka } from './kafka/read-kafka.js';
import { readGateway } from './postgres/gateway.js';
import { readLedger } from './postgres/ledger.js';
import { readOrders } from './postgres/orders.js';
import { readPayments } from './postgres/payments.js';
import { atRest, endsOf, type Rest, stillMoving } from './quiescence.js';
import { keepCheckpoint, readClients, readServices } from './recordings/read-recordings.js';
import { isOurs, subscriptions } from './registry.js';
import { judge, type Verdict } from './verdict.js';

/**
 * Asks a system whether its promise holds.
 *
 * Guarantee: what is judged was read whole, each database in one snapshot, Kafka from its first
 * record to its last, the gateway by its own books; and it was all of one moment, because nothing
 * moved while it was read. Nothing is changed; the only thing that is written is a checkpoint in
 * the run folder, against which the next audit holds the ledger.
 * Failure story: the system is busy, and the books are read a second after the orders: a charge of
 * that second would look like one without an order. So the judge first waits until the system is at
 * rest, and reads again when something moved meanwhile.
 * Not promised: rest. When the limit is hit, the verdict says what was waited for, and what it says
 * of orders on their way may be true of this moment only.
 */
export interface AuditOptions {
  readonly brokers: readonly string[];
  /** Any role that may read; nothing is written. */
  databaseUrl(database: AuditedDatabase): string;
  readonly gatewayUrl: string;
  /** 0: nothing runs, there is nothing to wait for. */
  readonly settleWithinMs: number;
  /** Where clients and services have written down what they did; without it, nobody has. */
  readonly runDir?: string;
}
export type AuditedDatabase = 'orders' | 'payments' | 'ledger' | 'gateway';

interface Timed extends Verdict {
  readonly readMilliseconds: number;
  readonly judgeMilliseconds: number;
}

export interface Audit extends Timed {
  readonly rest: Rest;
}

/** Only what holds at every moment was judged. */
export interface MomentaryAudit extends Timed {
  readonly rest: null;
}

export async function audit(options: AuditOptions): Promise<Audit> {
  const now = stopwatch();
  const deadline = now() + options.settleWithinMs;
  for (;;) {
    const rest = await atRest(options, { deadline, now });
    const readFrom = now();
    const evidence = await read(options);
    const moved = await whatMoved(options, { evidence, rest });
    if (moved.length > 0 && now() < deadline) continue;
    const judgeFrom = now();
    const verdict = judge(evidence, now);
    if (verdict.held && options.runDir !== undefined) {
      keepCheckpoint(options.runDir, checkpointOf(evidence.ledger, isoNow()));
    }
    return {
      ...verdict,
      rest: { ...rest, waitingFor: [...rest.waitingFor, ...moved] },
      readMilliseconds: Math.round(judgeFrom - readFrom),
      judgeMilliseconds: Math.round(now() - judgeFrom),
    };
  }
}

/** What came while the evidence was read, on topics or where it waits to come onto them. */
async function whatMoved(
  options: AuditOptions,
  { evidence, rest }: { readonly evidence: Evidence; readonly rest: Rest },
): Promise<string[]> {
  const ends = await endsOf(options.brokers);
  const more = evidence.kafka.logs.some(
    ({ topic, partition, end }) => ends.get(`${topic}-${partition}`) !== end,
  );
  const wasAtRest = rest.waitingFor.length === 0;
  return [
    ...(more ? ['records still come'] : []),
    ...(wasAtRest ? await stillMoving(options) : []),
  ];
}

/**
 * What must hold at every moment, asked of a system that works, or is breaking: nothing is waited
 * for, and nothing is read again.
 *
 * Whoever says that a record was read has read it before its topic is read here, so that its marker
 * is there to be seen: recordings and databases come first, Kafka last.
 */
export async function auditNow(
  options: Omit<AuditOptions, 'settleWithinMs'>,
): Promise<MomentaryAudit> {
  const now = stopwatch();
  const { runDir } = options;
  const recordings = { ...readClients(runDir), ...readServices(runDir) };
  const databases = await readDatabases(options);
  const evidence = { ...databases, recordings, kafka: await readTopics(options) };
  const judgeFrom = now();
  const verdict = judge(
    evidence,
    now,
    inCausalOrder.filter(({ atEveryMoment }) => atEveryMoment),
  );
  return {
    ...verdict,
    rest: null,
    readMilliseconds: Math.round(judgeFrom),
    judgeMilliseconds: Math.round(now() - judgeFrom),
  };
}

async function read(options: AuditOptions): Promise<Evidence> {
  const { runDir } = options;
  const clients = readClients(runDir);
  const [databases, kafka] = await Promise.all([readDatabases(options), readTopics(options)]);
  return { ...databases, recordings: { ...clients, ...readServices(runDir) }, kafka };
}

type Sources = Pick<AuditOptions, 'brokers' | 'databaseUrl' | 'gatewayUrl'>;

async function readDatabases({ databaseUrl, gatewayUrl }: Sources) {
  const [orders, payments, ledger, gateway, books] = await Promise.all([
    readOrders(databaseUrl('orders')),
    readPayments(databaseUrl('payments')),
    readLedger(databaseUrl('ledger')),
    readGateway(databaseUrl('gateway')),
    readBooks(gatewayUrl),
  ]);
  return { orders, payments, ledger, gateway: { books, ...gateway } };
}

function readTopics({ brokers }: Sources): Promise<KafkaEvidence> {
  return readKafka({ brokers, topics: isOurs, subscriptions });
}
