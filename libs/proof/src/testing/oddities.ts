import { changelogs, topics, type TopicDefinition } from '@checkout/events';
import { markersOf } from '../invariants/markers-of.js';
import { park } from './corruptions-of-parking.js';
import type { Draft } from './draft.js';
import {
  declinedBy,
  doubtedRefund,
  failedBy,
  overtaken,
  settledByOneLook,
} from './gateway-answers.js';
import { asked, committed, recordsThatAre, write } from './planting.js';
import { calmOrder, growOld } from './unpaid.js';

/** What looks odd and is right. Returns false when a history has no room for it. */
export interface Oddity {
  readonly name: string;
  plant(draft: Draft): boolean;
}

function odd(name: string, plant: (draft: Draft) => boolean | void): Oddity {
  return { name, plant: (draft) => plant(draft) !== false };
}

const HOUR_MS = 3_600_000;
const NO_TEXT = '\uFFFD';

/** The gateway, and those who ask it. */
const payments: readonly Oddity[] = [
  ...[400, 404, 422, 499].map((status) =>
    odd(`a card was refused by an answer of ${status}, before a charge was tried`, (draft) =>
      declinedBy(draft, status),
    ),
  ),
  ...[500, 503].map((status) =>
    odd(`a refund has failed by an answer of ${status}, and the next has not`, (draft) =>
      failedBy(draft, status),
    ),
  ),
  ...(['confirm', 'cancel'] as const).map((late) =>
    odd(`one look has settled two, of which the ${late} came to the gateway after it`, (draft) =>
      settledByOneLook(draft, late),
    ),
  ),
  odd(
    'a confirmation that was overtaken is in quarantine, and the payment is cancelled',
    overtaken,
  ),
  odd('a payment that was charged is in quarantine', doubtedRefund),
  odd('a refund was given up that was asked for so long ago that its key is forgotten', (draft) =>
    failedBy(draft, null, 23 * HOUR_MS),
  ),
  odd('the intent of a lost creation was cancelled', (draft) => {
    const intent = draft.gateway.intents.find(({ status }) => status === 'succeeded');
    if (!intent) return false;
    const orphan = { ...intent, id: 'pi_orphan', status: 'canceled' };
    draft.gateway.intents.push(orphan);
    const { orderId, id: intentId } = orphan;
    const event = { id: 'evt_orphan', type: 'payment_intent.canceled', orderId, intentId };
    draft.gateway.events.push({ ...event, acknowledged: 0 });
  }),
  odd('the gateway tells of what is about no order', ({ gateway }) => {
    const nobodys = { orderId: null, intentId: 'pi_nobodys' };
    const event = { id: 'evt_nobodys', type: 'payment_intent.created', ...nobodys };
    gateway.events.push({ ...event, acknowledged: 0 });
  }),
  odd('a request does not say which order it is for', (draft) => {
    const post = draft.gateway.books.requests.find(({ method }) => method === 'POST');
    if (!post) return false;
    post.orderId = null;
  }),
  odd('a refund was tried and has failed at the gateway', (draft) => {
    const [refund] = draft.gateway.books.refunds;
    if (!refund) return false;
    const { books, events } = draft.gateway;
    const key = `${refund.orderId}:refund:2`;
    books.refunds.push({ ...refund, id: 're_failed', status: 'failed', key });
    const path = '/v1/refunds';
    const evidence = asked(draft, { orderId: refund.orderId, path, key });
    const request = books.requests.find(({ id }) => id === evidence);
    if (request) request.status = 500;
    const first = draft.payments.attempts.find((one) => one.key === refund.key);
    if (!first) return false;
    const { key: made } = first;
    const again = { ...first, attempt: 2, key, createdAt: first.decidedAt ?? 0 };
    draft.payments.attempts.push(again);
    first.state = 'FAILED';
    first.evidence = evidence;
    for (const one of [...books.requests, ...books.refunds]) {
      if (one.key === made) one.key = key;
      else if (one.key === key) one.key = made;
    }
    const { orderId, paymentIntent: intentId } = refund;
    const told = { id: 'evt_failed', type: 'charge.refunded', orderId, intentId };
    events.push({ ...told, acknowledged: 0 });
    const [failure] = books.requests.filter(({ id }) => id === evidence);
    const later = books.requests.filter((one) => one.key === key || one.id === again.evidence);
    const sooner = books.requests.filter((one) => one !== failure && !later.includes(one));
    if (failure) books.requests.splice(0, Infinity, ...sooner, failure, ...later);
  }),
  odd('an attempt was noted by a clock that is half a second behind', (draft) => {
    const second = draft.payments.attempts.find(({ attempt }) => attempt === 2);
    const first = draft.payments.attempts.find(({ orderId, operation, attempt }) => {
      return attempt === 1 && orderId === second?.orderId && operation === second.operation;
    });
    if (!second || !first?.decidedAt) return false;
    second.createdAt = first.decidedAt - 500;
  }),
  ...['its order', 'the list'].map((what) =>
    odd(`a key was sent again after a day, and ${what} was looked at before`, (draft) => {
      const { requests } = draft.gateway.books;
      const post = requests.find(({ method, key }) => method === 'POST' && key !== null);
      if (!post) return false;
      const { created } = post;
      const orderId = what === 'its order' ? post.orderId : null;
      const look = { ...post, id: 'req_look', method: 'GET', key: null, orderId };
      requests.push({ ...post, id: 'req_late', created: created + 24 * HOUR_MS });
      requests.push({ ...look, created: created + 23 * HOUR_MS });
    }),
  ),
];

function compact(draft: Draft, names: ReadonlySet<string>): void {
  for (const log of draft.kafka.logs.filter(({ topic }) => names.has(topic))) {
    const newest = new Map(
      recordsThatAre(draft, 'committed', log.topic)
        .filter(({ partition }) => partition === log.partition)
        .map((record) => [record.key, record.offset]),
    );
    log.records = log.records.filter(({ key, offset }) => newest.get(key) === offset);
  }
}

const COMPACTED = [...Object.values<TopicDefinition>(topics), ...Object.values(changelogs)]
  .filter(({ cleanup }) => cleanup === 'compact')
  .map(({ name }) => name);

/** Kafka, and those who read it. */
const logs: readonly Oddity[] = [
  odd('two weeks have passed, and topics have forgotten', growOld),
  ...COMPACTED.map((name) =>
    odd(`${name} was compacted`, (draft) => compact(draft, new Set([name]))),
  ),
  odd('a stage has parked what was broken on purpose', (draft) => {
    const { name: topic } = topics.fraud;
    const record = write(draft, { topic, partition: 0, key: 'x', value: '{', headers: {} });
    const { partition, offset } = record;
    record.repeatedHeaders = ['id'];
    draft.recordings.planted.push({ topic, partition, offset });
    park(draft, record);
  }),
  odd('a service has read bytes that are no text', (draft) => {
    const { name: topic } = topics.fraud;
    const record = write(draft, { topic, partition: 0, key: 'x', value: NO_TEXT, headers: {} });
    const { partition, offset } = record;
    draft.recordings.planted.push({ topic, partition, offset });
    park(draft, record);
    const events = (draft.recordings.consumed ?? []).flatMap((life) => life.events);
    for (const event of events) {
      if (event.kind !== 'read' || event.topic !== topic || event.partition !== 0) continue;
      for (const read of event.records) if (read.offset === offset) read.hash = 'of the bytes';
    }
  }),
  odd('a clock has cut off a few milliseconds of a reading', (draft) => {
    const markerOf = markersOf(draft.kafka);
    for (const { events } of draft.recordings.consumed ?? []) {
      const read = events.find((event) => event.kind === 'read');
      if (read?.kind !== 'read') continue;
      const first = read.records[0]?.offset;
      const record = recordsThatAre(draft, 'committed', read.topic).find((one) => {
        return one.partition === read.partition && one.offset === first;
      });
      const marker = record && markerOf(record);
      if (!marker || read.records.length > 1) continue;
      read.at = marker.timestamp - 5;
      return true;
    }
    return false;
  }),
  odd('services have begun to record when half was read', ({ recordings }) => {
    const lives = recordings.consumed ?? [];
    const times = lives.flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === 'read' ? [event.at] : [])),
    );
    const half = times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
    for (const life of lives) {
      const from = life.events.findIndex((event) => event.kind === 'read' && event.at > half);
      const first = life.events[from];
      if (!first) life.events = [];
      else {
        const { group, topic, partition } = first;
        const took = { kind: 'took', group, topic, partition, position: null } as const;
        life.events = [took, ...life.events.slice(from)];
      }
    }
  }),
];

type Operation = NonNullable<Draft['recordings']['history']>[number];

function cancelled(draft: Draft, result: Operation['result'], orderId: string | undefined) {
  const order = draft.orders.orders.find(({ id }) => id === orderId);
  if (!order) return false;
  const { customerId, id: bodyHash } = order;
  const common = { op: 'cancel', customerId, key: 'of a cancel', bodyHash, result } as const;
  draft.recordings.history?.push({ ...common, orderId: null, responseHash: null });
  return true;
}

/** Clients, and what they know. */
const clients: readonly Oddity[] = [
  ...(['fail', 'unknown'] as const).flatMap((result) => [
    odd(`a cancel came to "${result}", and nobody has wished it`, (draft) =>
      cancelled(draft, result, calmOrder(draft)?.id),
    ),
    odd(`a cancel came to "${result}", and another was taken`, (draft) => {
      const wished = draft.orders.orders.find(({ cancelRequested }) => cancelRequested);
      return cancelled(draft, result, wished?.id);
    }),
  ]),
  odd('the answer to a cancel got lost, and all of it is there', ({ recordings }) => {
    const cancels = (recordings.history ?? []).filter(({ op, result }) => {
      return op === 'cancel' && result === 'ok';
    });
    const lost = { result: 'unknown', orderId: null, responseHash: null };
    for (const one of cancels) Object.assign(one, lost);
    return cancels.length > 0;
  }),
  odd('keys were forgotten after three days, and clients know of them', (draft) => {
    draft.orders.keys = [];
    draft.orders.readAt += 73 * HOUR_MS;
  }),
  odd('two questions about an order were answered in the other order', ({ recordings }) => {
    const { reads } = recordings;
    const newer = reads?.find(({ seen }) => seen?.version === 2);
    const older = reads?.find(({ orderId }) => orderId === newer?.orderId);
    if (!newer || !older) return false;
    const { answeredAt } = newer;
    reads?.push({ ...older, askedAt: answeredAt, answeredAt: answeredAt + 1 });
  }),
  odd('a version is seen again and again', ({ recordings }) => {
    const read = recordings.reads?.at(-1);
    if (!read) return false;
    const askedAt = read.answeredAt + 1;
    recordings.reads?.push({ ...read, askedAt, answeredAt: askedAt + 1 });
  }),
  odd('the books were never audited before', ({ recordings }) => {
    recordings.checkpoint = null;
  }),
  odd('there is a product that was never in stock', (draft) => {
    const [product] = draft.orders.products;
    if (!product || committed(draft, 'inventoryLevels').length === 0) return false;
    draft.orders.products.push({ ...product, sku: 'sold-out', available: 0 });
  }),
];

export const oddities: readonly Oddity[] = [...payments, ...logs, ...clients];
