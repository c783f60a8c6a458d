import type { Delivery, InputRecord, Log } from '@checkout/eos';
import type { AnyEvent } from '@checkout/events';
import type { DataSource, EntityManager } from 'typeorm';
import { park, unreadableId } from './park.js';
import { isPoison } from './poison.js';
import { storeRepeats } from './repeats.js';

/**
 * Processes a batch of deliveries, each event once by effect, in one database transaction.
 *
 * Guarantee: an event's effect and the mark that it was processed are durable together; a repeat
 * finds the mark and changes nothing. The offset is committed only after this resolves.
 * Threat: the process dies after its database transaction and before the offset is committed. The
 * batch comes again, to this process or to another one; every id is in the inbox already, so
 * nothing is handled. If it dies before, nothing happened and the batch comes again. Two owners at
 * once (a stalled one wakes up): the second waits on the first one's inbox rows, then finds them
 * taken.
 * Poison: one event that can never be handled must not hold up the others. The batch is undone and
 * done again one event at a time, and the poison is parked in the same database transaction as its
 * mark.
 * Not promised: an order between partitions or topics; effects outside this database.
 */
export interface Received<E> {
  readonly event: E;
  readonly record: InputRecord;
}

export interface InboxOptions<E extends AnyEvent> {
  readonly dataSource: DataSource;
  /** Consumer group, `<service>.<stage>`: groups share the tables and not the marks. */
  readonly group: string;
  readonly log: Log;
  /**
   * Everything of a batch that is new, in order. Throws {@link PoisonError} when one of it can
   * never be handled, and is then called again for one event at a time. What it returns is called
   * once all is durable, and must not throw.
   */
  handleAll(tx: EntityManager, received: readonly Received<E>[]): Promise<(() => void) | void>;
  /** Keeps where repeats were seen, for a timeline. Needs the table of `repeatsTable`. */
  readonly keepRepeats?: boolean;
}

export type Process<E> = (batch: readonly Delivery<E>[]) => Promise<void>;

export function inboxBatchProcessor<E extends AnyEvent>(options: InboxOptions<E>): Process<E> {
  return async (batch) => {
    try {
      await processTogether(options, batch);
    } catch (error) {
      if (!isPoison(error)) throw error;
      for (const delivery of batch) await processAlone(options, delivery);
    }
  };
}

async function processTogether<E extends AnyEvent>(
  options: InboxOptions<E>,
  batch: readonly Delivery<E>[],
): Promise<void> {
  const afterCommit = await options.dataSource.transaction(async (tx) => {
    for (const { record, reason } of batch.flatMap(unreadable)) {
      const eventId = unreadableId(record);
      await park(tx, { group: options.group, eventId, record, reason, log: options.log });
    }
    const fresh = await takeNew(tx, options, batch.flatMap(readable));
    if (fresh.length > 0) return options.handleAll(tx, fresh);
  });
  afterCommit?.();
}

async function processAlone<E extends AnyEvent>(
  options: InboxOptions<E>,
  delivery: Delivery<E>,
): Promise<void> {
  try {
    await processTogether(options, [delivery]);
  } catch (error) {
    if (!isPoison(error) || !('event' in delivery)) throw error;
    const { event, record } = delivery;
    const reason = (error as Error).message;
    await options.dataSource.transaction(async (tx) => {
      const fresh = await takeNew(tx, options, [{ event, record }]);
      if (fresh.length === 0) return;
      await park(tx, { group: options.group, eventId: event.id, record, reason, log: options.log });
    });
  }
}

/** Leaves the mark of every event and returns those that had none, each once. */
async function takeNew<E extends AnyEvent>(
  tx: EntityManager,
  { group, log, keepRepeats = false }: InboxOptions<E>,
  received: readonly Received<E>[],
): Promise<Received<E>[]> {
  const first = new Map(received.toReversed().map((item) => [item.event.id, item]));
  if (first.size === 0) return [];
  const taken: { event_id: string }[] = await tx.query(
    `INSERT INTO inbox (consumer_group, event_id) SELECT $1, unnest($2::uuid[])
     ON CONFLICT DO NOTHING RETURNING event_id`,
    [group, [...first.keys()]],
  );
  const fresh = new Set(taken.map((row) => row.event_id));
  const isNew = (item: Received<E>) =>
    fresh.has(item.event.id) && first.get(item.event.id) === item;
  const repeats = received.filter((item) => !isNew(item));
  if (repeats.length > 0) {
    log.info({ group, repeats: repeats.length }, 'deliveries were repeats and changed nothing');
    if (keepRepeats) await storeRepeats(tx, group, repeats);
  }
  return received.filter(isNew);
}

/** The mark's key is a uuid: an event with any other id could never get one. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readable<E extends AnyEvent>(delivery: Delivery<E>): Received<E>[] {
  return 'event' in delivery && UUID.test(delivery.event.id) ? [delivery] : [];
}

function unreadable<E extends AnyEvent>(delivery: Delivery<E>) {
  const { record } = delivery;
  if ('poison' in delivery) return [{ record, reason: delivery.poison }];
  if (UUID.test(delivery.event.id)) return [];
  return [{ record, reason: `the event id ${delivery.event.id} is not a lower-case uuid` }];
}
