import type { topics } from '@checkout/events';
import type { OutboxRow } from '../evidence/rows.js';
import type { Transaction, Written } from './simulated-kafka.js';
import type { World } from './simulated-world.js';

/**
 * Change data capture: rows of an outbox, in the order of their commits, a few in a Kafka
 * transaction; which may be aborted and done again. A sweeper may send a row once more, later.
 */
export class SimulatedSource {
  #batch: OutboxRow[] = [];
  #open: Transaction | null = null;
  readonly #sent: OutboxRow[] = [];

  constructor(
    private readonly world: World,
    private readonly owner: 'orders' | 'payments',
  ) {}

  step(): boolean {
    const { world, owner } = this;
    if (this.#open) return this.#finish(this.#open);
    if (this.#batch.length === 0) {
      this.#batch = world.unpublished[owner].splice(0, 1 + world.dice.below(3));
    }
    if (this.#batch.length === 0 && this.#sent.length > 0 && world.dice.chance(0.01)) {
      this.#batch = [world.dice.pick(this.#sent)];
    }
    if (this.#batch.length === 0) return false;
    this.#open = world.kafka.begin(`connect-${owner}-outbox-0`);
    for (const row of this.#batch) this.#open.send(recordOf(row));
    return true;
  }

  #finish(open: Transaction): boolean {
    this.#open = null;
    if (this.world.dice.chance(0.1)) {
      open.abort();
      return true;
    }
    open.commit();
    this.#sent.push(...this.#batch);
    this.#batch = [];
    return true;
  }
}

function recordOf({
  id,
  aggregateType,
  type,
  causationId,
  partition,
  payload,
}: OutboxRow): Written {
  const headers = { id, type, 'schema-version': '1', 'causation-id': causationId };
  const topic = `outbox.${aggregateType}`;
  return { topic, partition, key: id, headers, value: payload };
}

/** What was read back from its topic is archived with the place of its first sighting. */
export function archive(world: World, owner: 'orders' | 'payments') {
  return ({ id }: { id: string }, place: { topic: string; partition: number; offset: number }) => {
    const { topic, partition, offset } = place;
    const row = world[owner].outbox.find((one) => one.id === id);
    if (row && row.published === null) row.published = { topic, partition, offset };
  };
}

export const ARCHIVED = {
  orders: ['outboxOrder', 'outboxCatalogue', 'outboxCanary'],
  payments: ['outboxPayment', 'outboxCanary'],
} as const satisfies Record<string, readonly (keyof typeof topics)[]>;
