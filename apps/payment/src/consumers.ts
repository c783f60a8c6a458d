import {
  type Connection,
  type Delivery,
  inboxRunner,
  type InputRecord,
  type Log,
  type Runner,
} from '@checkout/eos';
import { type AnyEvent, type EventType, readEvent, topics } from '@checkout/events';
import { inboxBatchProcessor, type Process } from '@checkout/inbox';
import { archivePublished } from '@checkout/outbox';
import type { DataSource } from 'typeorm';
import { acceptApprovals } from './accept-approval.handler.js';
import type { ChargeWorker } from './charge-worker.js';
import type { Clock } from './clock.js';
import { decideCancellations } from './decide-cancellation.handler.js';

/**
 * What this service reads: approvals to charge, cancels to decide about, and its own published
 * events to archive.
 */
export interface ConsumerOptions {
  readonly database: DataSource;
  readonly worker: Pick<ChargeWorker, 'wake'>;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly log: Log;
  onFatal(error: Error): void;
}

export type Wanted = AnyEvent<'OrderApproved' | 'OrderCancelRequested'>;

export function consumers(options: ConsumerOptions): readonly Runner[] {
  const { database, connection, log, onFatal } = options;
  const process = chargeProcessor(options);
  const charge = inboxRunner({
    group: 'payment.charge',
    topics: [topics.ordersApproved.name, topics.outboxOrder.name],
    connection,
    log,
    onFatal,
    decode: wanted,
    process: (batch) => process(batch.flatMap(onlyWanted)),
  });
  const archive = inboxRunner({
    group: 'payment.archive',
    topics: [topics.outboxPayment.name, topics.outboxCanary.name],
    connection,
    log,
    onFatal,
    decode: (record) => record,
    process: archivePublished(database),
  });
  return [charge, archive];
}

/** An order that was placed or is overdue is nothing to us before it is approved. */
const PASSED_OVER: ReadonlySet<string> = new Set<EventType>(['OrderPlaced', 'OrderOverdue']);

export function wanted(record: InputRecord): Wanted | null {
  if (record.topic === topics.ordersApproved.name) return readEvent(record, 'OrderApproved');
  if (PASSED_OVER.has(record.headers['type'] ?? '')) return null;
  return readEvent(record, 'OrderCancelRequested');
}

/** What is passed over leaves no mark in the inbox: its offset is enough. */
function onlyWanted(delivery: Delivery<Wanted | null>): Delivery<Wanted>[] {
  if ('poison' in delivery) return [delivery];
  const { record, event } = delivery;
  return event === null ? [] : [{ record, event }];
}

export function chargeProcessor(
  options: Pick<ConsumerOptions, 'database' | 'worker' | 'clock' | 'log'>,
): Process<Wanted> {
  const { database, worker, clock, log } = options;
  return inboxBatchProcessor<Wanted>({
    dataSource: database,
    group: 'payment.charge',
    log,
    keepRepeats: true,
    handleAll: async (tx, received) => {
      const events = received.map(({ event }) => event);
      const approvals = events.filter((event) => event.type === 'OrderApproved');
      const cancels = events.filter((event) => event.type === 'OrderCancelRequested');
      if (approvals.length > 0) await acceptApprovals(tx, approvals, clock);
      if (cancels.length > 0) await decideCancellations(tx, cancels, clock);
      return () => worker.wake();
    },
  });
}
