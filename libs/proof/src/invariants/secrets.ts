import type { Evidence } from '../evidence/evidence.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample } from '../invariant.js';

/** Planted secrets, wherever they must not stand: records with their headers, and tables. */
export function secretsIn(evidence: Evidence): { rows: number; counterExamples: CounterExample[] } {
  const { canaries } = evidence.recordings;
  if (canaries.length === 0) return { rows: 0, counterExamples: [] };
  const holds = (text: string): boolean => canaries.some((canary) => text.includes(canary));
  const records = evidence.kafka.logs.flatMap((log) => log.records);
  const texts = textsOf(evidence);
  return {
    rows: records.length + texts.length,
    counterExamples: [
      ...records
        .filter(({ key, value, headers }) => holds(`${key} ${value}`) || holds(inOne(headers)))
        .map((record) => ({ what: 'holds a planted secret', at: placeOf(record) })),
      ...texts
        .filter(({ text }) => holds(text))
        .map(({ what, orderId, eventId }) => {
          return { what: `${what} holds a planted secret`, orderId, eventId };
        }),
    ],
  };
}

function inOne(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers).flat().join(' ');
}

interface Text {
  readonly text: string;
  readonly what: string;
  readonly orderId?: string;
  readonly eventId?: string;
}

function textsOf(evidence: Evidence): Text[] {
  const { orders, payments, ledger } = evidence;
  return [
    ...atTheGateway(evidence),
    ...[...orders.outbox, ...payments.outbox].map(({ id, payload }) => {
      return { text: payload, what: 'its outbox row', eventId: id };
    }),
    ...orders.keys.map(({ key, requestHash, response, orderId }) => {
      // A key is named by its order: it may be the secret.
      const text = `${key} ${requestHash} ${response}`;
      return { text, what: 'an idempotency key, or the answer kept under it,', orderId };
    }),
    ...orders.orders.map(({ id, paymentMethod }) => {
      return { text: paymentMethod, what: 'its payment method', orderId: id };
    }),
    ...orders.orders.map(({ id, reason }) => {
      return { text: reason ?? '', what: 'the reason of its status', orderId: id };
    }),
    ...[...orders.history, ...orders.facts].map(({ orderId, reason }) => {
      return { text: reason ?? '', what: 'a reason in its history', orderId };
    }),
    ...payments.webhooks.map(({ id, type, intentId, outcome }) => {
      return { text: `${id} ${type} ${intentId} ${outcome}`, what: 'a webhook that was noted' };
    }),
    ...[...orders.parked, ...payments.parked].map(({ eventId, reason }) => {
      return { text: reason, what: 'the cause why it is parked', eventId };
    }),
    ...payments.attempts.map(({ orderId, operation, key, evidence: seen }) => {
      return {
        text: `${key} ${seen}`,
        what: `the key or the evidence of its ${operation}`,
        orderId,
      };
    }),
    ...ledger.entries.map(({ transactionId, entry }) => {
      return { text: entry, what: 'its ledger entry', eventId: transactionId };
    }),
  ];
}

/** What was sent there is in somebody else’s log. */
function atTheGateway({ gateway }: Evidence): Text[] {
  const { requests } = gateway.books;
  const noted = requests.map(({ id, path, key }) => {
    return { text: `${path} ${key}`, what: `request ${id}, in the gateway’s log,` };
  });
  const told = gateway.events.map(({ id, type }) => {
    return { text: `${id} ${type}`, what: 'an event of the gateway' };
  });
  return [...noted, ...told];
}
