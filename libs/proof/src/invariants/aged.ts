import { topics, type TopicDefinition } from '@checkout/events';
import type { Case } from '../case.js';
import type { CounterExample } from '../invariant.js';
import type { TopicKey } from '../log-view.js';

/** How long a topic keeps what is on it; undefined: for ever, only repeats are compacted. */
export function retentionOf(topic: string): number | undefined {
  const known: TopicDefinition | undefined = Object.values(topics).find(
    ({ name }) => name === topic,
  );
  const milliseconds = known?.settings['retention.ms'];
  return milliseconds === undefined ? undefined : Number(milliseconds);
}

export interface Cut {
  /** Topics whose beginning age has deleted, as it should. */
  readonly byAge: readonly string[];
  /** Topics of which more is gone than age may take. */
  readonly tooSoon: readonly CounterExample[];
}

/**
 * What is gone from the beginning of topics. Kafka deletes a segment when the newest record in it
 * is older than the retention: so all that is about younger orders must still be there.
 */
export function cutFrom(observed: Case, keys: ReadonlySet<TopicKey>): Cut {
  const byAge: string[] = [];
  const tooSoon: CounterExample[] = [];
  for (const key of keys) {
    const { name } = topics[key];
    const cut = observed.evidence.kafka.logs.filter(
      ({ topic, start }) => topic === name && start > 0,
    );
    if (cut.length === 0) continue;
    const missing = youngOrdersMissing(observed, key);
    const places = cut.map(({ partition, start }) => `${name}-${partition} below ${start}`);
    if (missing === 0) byAge.push(name);
    else {
      const what = `${places.join(', ')} is gone, and ${missing} younger orders with it`;
      tooSoon.push({ what });
    }
  }
  return { byAge, tooSoon };
}

/** Every placed order is spoken of on each topic that a stage reads, but the catalogue’s. */
function youngOrdersMissing({ evidence, log }: Case, key: TopicKey): number {
  const { orders, readAt } = evidence.orders;
  const retention = retentionOf(topics[key].name) ?? Infinity;
  const spokenOf = new Set(log.events(key).map(({ orderId }) => orderId));
  const placed = new Set(log.events('outboxOrder').map(({ orderId }) => orderId));
  if (!NAMES_EVERY_ORDER.includes(key)) return retention === Infinity ? orders.length : 0;
  return orders.filter(({ id, placedAt }) => {
    const young = readAt - Date.parse(placedAt) < retention;
    return young && !spokenOf.has(id) && (key === 'outboxOrder' || placed.has(id));
  }).length;
}

const NAMES_EVERY_ORDER: readonly TopicKey[] = ['outboxOrder', 'inventory', 'fraud', 'checks'];
