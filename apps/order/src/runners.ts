import { type Connection, inboxRunner, type Log, type Runner } from '@checkout/eos';
import { type AnyEvent, readEvent, topics } from '@checkout/events';
import { inboxBatchProcessor } from '@checkout/inbox';
import type { App, RunnerTools } from '@checkout/nest-service';
import { archivePublished } from '@checkout/outbox';
import { DataSource } from 'typeorm';
import { OrderStreams } from './order-streams.js';
import { projectLevels } from './project-levels.handler.js';
import { projectStatus } from './project-status.handler.js';

const STATUS = 'order.status';

/** What this service listens to: the others' decisions, and its own events on their way back. */
export function orderRunners(
  app: App,
  { log, onFatal, connection }: RunnerTools & { connection: Connection },
): readonly Runner[] {
  const dataSource = app.get(DataSource);
  const streams = app.get(OrderStreams);
  return [
    inboxRunner<AnyEvent>({
      group: STATUS,
      topics: [
        topics.ordersApproved.name,
        topics.ordersRejected.name,
        topics.outboxPayment.name,
        topics.ledger.name,
        topics.inventoryLevels.name,
      ],
      connection,
      log,
      onFatal,
      decode: (record) => readEvent(record),
      process: statusProcessor({ dataSource, streams, log }),
    }),
    inboxRunner<null>({
      group: 'order.archive',
      topics: [topics.outboxOrder.name, topics.outboxCatalogue.name, topics.outboxCanary.name],
      connection,
      log,
      onFatal,
      decode: () => null,
      process: archivePublished(dataSource),
    }),
  ];
}

export interface StatusProcessorOptions {
  readonly dataSource: DataSource;
  readonly streams: OrderStreams;
  readonly log: Log;
}

/**
 * One database transaction a batch: inbox rows, facts, statuses, levels. The streams hear of it
 * afterwards.
 */
export function statusProcessor({ dataSource, streams, log }: StatusProcessorOptions) {
  return inboxBatchProcessor<AnyEvent>({
    dataSource,
    group: STATUS,
    log,
    keepRepeats: true,
    async handleAll(tx, received) {
      const changes = await projectStatus(tx, received);
      await projectLevels(tx, received);
      return () => {
        for (const { orderId, version, status } of changes) {
          log.info({ order: orderId, version }, status);
        }
        streams.wake(changes.map(({ customerId }) => customerId));
      };
    },
  });
}
