import { type Connection, inboxRunner, type Log, type Runner } from '@checkout/eos';
import { type AnyEvent, readEvent, topics } from '@checkout/events';
import { inboxBatchProcessor } from '@checkout/inbox';
import { archivePublished } from '@checkout/outbox';
import type { DataSource } from 'typeorm';
import { acceptApprovals } from './accept-approval.handler.js';
import type { ChargeWorker } from './charge-worker.js';
import type { Clock } from './clock.js';

/** What this service reads: approvals to charge, and its own published events to archive. */
export interface ConsumerOptions {
  readonly database: DataSource;
  readonly worker: Pick<ChargeWorker, 'wake'>;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly log: Log;
  onFatal(error: Error): void;
}

export function consumers(options: ConsumerOptions): readonly Runner[] {
  const { database, connection, log, onFatal } = options;
  const charge = inboxRunner({
    group: 'payment.charge',
    topics: [topics.ordersApproved.name],
    connection,
    log,
    onFatal,
    decode: (record) => readEvent(record, 'OrderApproved'),
    process: approvalsProcessor(options),
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

export function approvalsProcessor(
  options: Pick<ConsumerOptions, 'database' | 'worker' | 'clock' | 'log'>,
) {
  const { database, worker, clock, log } = options;
  return inboxBatchProcessor<AnyEvent<'OrderApproved'>>({
    dataSource: database,
    group: 'payment.charge',
    log,
    handleAll: async (tx, received) => {
      const approvals = received.map(({ event }) => event);
      await acceptApprovals(tx, approvals, clock);
      return () => worker.wake();
    },
  });
}
