import { setTimeout as pause } from 'node:timers/promises';
import type { AuditOptions } from './audit.js';
import type { KafkaEvidence } from './evidence/kafka-log.js';
import { lags } from './invariants/lags.js';
import { LogView } from './log-view.js';
import { withCluster } from './kafka/cluster.js';
import { extentsOf, nameOf } from './kafka/offsets.js';
import { readTails } from './kafka/read-kafka.js';
import { snapshot } from './postgres/snapshot.js';
import { isOurs, subscriptions } from './registry.js';
import type { Stopwatch } from './verdict.js';

/**
 * Whether anything is still on its way.
 *
 * At rest: every order is final, no payment is in hand, no outbox row waits to be seen on its
 * topic, the gateway has told all that it tells by itself, every group has read everything, and no
 * Kafka transaction is open. Then nothing will change until somebody asks for something.
 */
export interface Rest {
  readonly waitedMilliseconds: number;
  /** Empty: the system is at rest. */
  readonly waitingFor: readonly string[];
}

const LOOK_EVERY_MS = 200;

export async function atRest(
  options: AuditOptions,
  { deadline, now }: { deadline: number; now: Stopwatch },
): Promise<Rest> {
  const from = now();
  for (;;) {
    const waitingFor = await stillMoving(options);
    const waitedMilliseconds = Math.round(now() - from);
    if (waitingFor.length === 0 || now() >= deadline) return { waitedMilliseconds, waitingFor };
    await pause(LOOK_EVERY_MS);
  }
}

const OPEN_ORDERS = `
  SELECT count(*)::integer AS n FROM orders WHERE status IN ('placed', 'approved', 'paid')`;
const OPEN_ATTEMPTS = `
  SELECT count(*)::integer AS n FROM attempts WHERE state IN ('SENT', 'UNKNOWN', 'SUPERSEDED')`;
const OPEN_PAYMENTS = `
  SELECT count(*)::integer AS n FROM payments
  WHERE state IN ('CREATING', 'CONFIRMING', 'CANCELLING', 'REFUNDING')`;
const WAITING = 'SELECT count(*)::integer AS n FROM outbox';
/** What nobody has accepted for days is given up, and due no more. */
const UNTOLD = `
  SELECT count(*)::integer AS n FROM webhook_deliveries
  WHERE delivered IS NULL AND (planned IS NULL OR due IS NOT NULL)`;

/** What is on its way at this moment; empty when nothing is. */
export async function stillMoving({ brokers, databaseUrl }: AuditOptions): Promise<string[]> {
  const count = (database: 'orders' | 'payments' | 'gateway', sql: string): Promise<number> =>
    snapshot(databaseUrl(database), async (ask) => (await ask<{ n: number }>(sql))[0]?.n ?? 0);
  const [orders, attempts, payments, ordersOutbox, paymentsOutbox, untold, behind] =
    await Promise.all([
      count('orders', OPEN_ORDERS),
      count('payments', OPEN_ATTEMPTS),
      count('payments', OPEN_PAYMENTS),
      count('orders', WAITING),
      count('payments', WAITING),
      count('gateway', UNTOLD),
      groupsBehind(brokers),
    ]);
  const parts: readonly (readonly [number, string])[] = [
    [orders, 'orders that are not final'],
    [attempts, 'calls to the gateway without an outcome'],
    [payments, 'payments that have not ended'],
    [ordersOutbox, 'rows in the outbox of orders'],
    [paymentsOutbox, 'rows in the outbox of payments'],
    [untold, 'webhooks that the gateway has still to deliver'],
  ];
  return [...parts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`), ...behind];
}

async function groupsBehind(brokers: readonly string[]): Promise<string[]> {
  return movingIn(await readTails({ brokers, topics: isOurs, subscriptions }));
}

/** What has to be read, or to end, in Kafka. */
export function movingIn(kafka: KafkaEvidence): string[] {
  const held = kafka.logs.filter(({ lastStable, end }) => lastStable < end);
  // Without a record, as of somebody who died before he had written one, it holds nobody back.
  const unsettled = kafka.open.filter(({ transactionalId }) => transactionalId !== null);
  const behind = new Set(lags(kafka, new LogView(kafka)).map(({ group }) => group));
  return [
    ...[...behind].map((group) => `group ${group}`),
    ...held.map((log) => `an open Kafka transaction on ${nameOf(log)}`),
    ...unsettled.map((one) => `the Kafka transaction of ${one.transactionalId}, ${one.state}`),
  ];
}

/** Where each partition ends now: to see whether something came while others were read. */
export async function endsOf(brokers: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return withCluster(brokers, async (cluster) => {
    const partitions = cluster.partitions.filter(({ topic }) => isOurs(topic));
    const extents = await extentsOf(cluster, partitions);
    return new Map(extents.map((extent) => [nameOf(extent), extent.end]));
  });
}
