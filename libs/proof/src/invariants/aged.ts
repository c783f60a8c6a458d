import { topics, type TopicDefinition } from '@checkout/events';
import type { Case } from '../case.js';
import type { Evidence } from '../evidence/evidence.js';
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
    const places = cut.map(({ partition, start }) => `${name}-${partition} below ${start}`);
    const why = tooYoung(observed, key);
    if (why === undefined) byAge.push(name);
    else tooSoon.push({ what: `${places.join(', ')} is gone, and ${why}` });
  }
  return { byAge, tooSoon };
}

/** Why age cannot have taken the beginning of a topic; undefined when it can. */
function tooYoung({ evidence, log }: Case, key: TopicKey): string | undefined {
  const { orders, outbox, readAt } = evidence.orders;
  const retention = retentionOf(topics[key].name);
  if (retention === undefined) return 'the topic forgets nothing';
  const aged = (time: string): boolean => readAt - Date.parse(time) >= retention;
  const isAnyOld = outbox.some(({ payload }) => {
    return aged((JSON.parse(payload) as { occurredAt: string }).occurredAt);
  });
  if (!isAnyOld) return 'nothing was ever told that is so old';
  const isNamed = NAMED_BY[key];
  if (!isNamed) return undefined;
  const spokenOf = new Set(log.events(key).map(({ orderId }) => orderId));
  const isDue = isNamed(evidence);
  const missing = orders.filter(({ id, placedAt }) => {
    return !aged(placedAt) && isDue(id) && !spokenOf.has(id);
  });
  return missing.length === 0 ? undefined : `${missing.length} younger orders with it`;
}

type IsDue = (evidence: Evidence) => (orderId: string) => boolean;

const everyOrder: IsDue = () => () => true;

/** Of which orders a topic has to speak. Of approvals A14 says so, which payments name. */
const NAMED_BY: Partial<Record<TopicKey, IsDue>> = {
  ...{ inventory: everyOrder, fraud: everyOrder, checks: everyOrder },
  ordersRejected: ({ orders }) => {
    const own = orders.facts.filter(({ kind }) => kind === 'rejected');
    const ids = new Set(own.map(({ orderId }) => orderId));
    return (orderId) => ids.has(orderId);
  },
};

/** Which orders are so old that age may have taken what a topic said of them. */
export function mayBeGone({ evidence }: Case, key: TopicKey): (orderId: string) => boolean {
  const { name } = topics[key];
  const { orders, readAt } = evidence.orders;
  const isCut = evidence.kafka.logs.some(({ topic, start }) => topic === name && start > 0);
  const retention = retentionOf(name);
  if (!isCut || retention === undefined) return () => false;
  const old = orders.filter(({ placedAt }) => readAt - Date.parse(placedAt) >= retention);
  const ids = new Set(old.map(({ id }) => id));
  return (orderId) => ids.has(orderId);
}
