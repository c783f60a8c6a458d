import type { BookedRequest } from '../evidence/books.js';
import type { AttemptRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';

export const a19: Invariant = {
  id: 'A19',
  says: 'Another attempt is made only after the one before has failed for certain.',
  rule:
    'attempts per order and operation: numbers 1..n without a hole; all but the last are ' +
    'FAILED; the first request of each reached the gateway after the one that is the evidence ' +
    'of the failure before, by the gateway’s own log, and no attempt was noted more than 1 s ' +
    'before that failure was, or more than 1 s after it was decided itself, by the clocks of ' +
    'service and database; nor more than 60 s after its first request, by the gateway’s clock; ' +
    'none that creates or confirms was made after its payment was decided, none more than 1 s ' +
    'before its order was placed, and none was sent before the creation of its intent was; one ' +
    'that succeeded was not decided more than 60 s before it was sent',
  judge({ evidence }) {
    const { attempts } = evidence.payments;
    const sent = sentIn(evidence.gateway.books.requests);
    const series = Map.groupBy(attempts, ({ orderId, operation }) => `${orderId} ${operation}`);
    const decided = new Map(
      evidence.payments.payments.map(({ orderId, decidedAt }) => [orderId, decidedAt]),
    );
    const placed = new Map(evidence.orders.orders.map(({ id, placedAt }) => [id, placedAt]));
    return {
      rows: attempts.length,
      counterExamples: [...series.values()].flatMap((own) => {
        const sorted = own.toSorted((a, b) => a.attempt - b.attempt);
        const what =
          holeIn(sorted) ??
          sorted.flatMap(notedTooLate(sent))[0] ??
          sorted.flatMap(tooEarly)[0] ??
          sorted.flatMap(afterItsEnd(decided))[0] ??
          sorted.flatMap(beforeItsOrder(placed))[0] ??
          sorted.flatMap(beforeItsIntent(sent))[0] ??
          sorted.flatMap(decidedUnsent(sent))[0] ??
          sorted.flatMap(sentTooEarly(sent))[0];
        return what === undefined ? [] : [{ what, orderId: sorted[0]?.orderId }];
      }),
    };
  },
};

function holeIn(attempts: readonly AttemptRow[]): string | undefined {
  if (attempts.every(({ attempt }, i) => attempt === i + 1)) return undefined;
  const numbers = attempts.map(({ attempt }) => attempt).join(', ');
  return `${attempts[0]?.operation} has attempts ${numbers}`;
}

/**
 * The service says when an attempt was made, its database when the one before was decided: two
 * clocks, which one machine has in common and two machines have not. What must not differ at all is
 * the order in which the gateway was asked.
 */
const CLOCKS_DIFFER_MS = 1_000;

function tooEarly(
  { operation, attempt, createdAt }: AttemptRow,
  i: number,
  all: readonly AttemptRow[],
): string[] {
  const before = all[i - 1];
  if (!before) return [];
  if (before.state !== 'FAILED') {
    return [`${operation} attempt ${attempt} was made, attempt ${i} is ${before.state}`];
  }
  if (before.decidedAt === null || createdAt + CLOCKS_DIFFER_MS >= before.decidedAt) return [];
  return [`${operation} attempt ${attempt} was made before attempt ${i} had failed`];
}

/** What would charge an order is not begun when its payment has been decided. */
function afterItsEnd(decided: ReadonlyMap<string, string | null>) {
  return ({ orderId, operation, attempt, createdAt }: AttemptRow): string[] => {
    const decidedAt = decided.get(orderId) ?? null;
    if (!['create', 'confirm'].includes(operation) || decidedAt === null) return [];
    if (createdAt <= Date.parse(decidedAt) + CLOCKS_DIFFER_MS) return [];
    return [`${operation} attempt ${attempt} was made after its payment had been decided`];
  };
}

function beforeItsOrder(placed: ReadonlyMap<string, string>) {
  return ({ orderId, operation, attempt, createdAt }: AttemptRow): string[] => {
    const placedAt = placed.get(orderId);
    if (placedAt === undefined) return [];
    if (createdAt >= Date.parse(placedAt) - CLOCKS_DIFFER_MS) return [];
    return [`${operation} attempt ${attempt} was made before its order was placed`];
  };
}

/** Nobody knows that something has worked which the gateway is yet to hear of. */
function decidedUnsent({ firstAt }: Sent) {
  return ({ operation, attempt, key, state, decidedAt }: AttemptRow): string[] => {
    const asked = firstAt.get(key);
    if (state !== 'SUCCEEDED' || decidedAt === null || asked === undefined) return [];
    if (asked <= decidedAt + GATEWAY_DIFFERS_MS) return [];
    return [`${operation} attempt ${attempt} was decided before it was sent`];
  };
}

/** An intent is named by what created it: nobody can ask about one before. */
function beforeItsIntent({ firstOf }: Sent) {
  return ({ orderId, operation, attempt, key }: AttemptRow): string[] => {
    const [created, asked] = [firstOf.get(`${orderId}:create:1`), firstOf.get(key)];
    if (operation === 'create' || created === undefined || asked === undefined) return [];
    if (asked > created) return [];
    return [`${operation} attempt ${attempt} was sent before its intent was asked for`];
  };
}

/** Two houses, which both ask the time of somebody else. */
const GATEWAY_DIFFERS_MS = 60_000;

/** What is about to be asked is durable before it is asked, and so before it is decided. */
function notedTooLate({ firstAt }: Sent) {
  return ({ operation, attempt, key, createdAt, decidedAt }: AttemptRow): string[] => {
    const which = `${operation} attempt ${attempt}`;
    if (decidedAt !== null && createdAt > decidedAt + CLOCKS_DIFFER_MS) {
      return [`${which} was decided before it was noted`];
    }
    const sentAt = firstAt.get(key);
    if (sentAt === undefined || createdAt <= sentAt + GATEWAY_DIFFERS_MS) return [];
    return [`${which} was noted after its request had been sent`];
  };
}

interface Sent {
  /** Places in the gateway’s log: of each request, and of the first with each key. */
  readonly request: ReadonlyMap<string, number>;
  readonly firstOf: ReadonlyMap<string, number>;
  /** When the first with each key came, by the gateway’s clock. */
  readonly firstAt: ReadonlyMap<string, number>;
}

function sentIn(requests: readonly BookedRequest[]): Sent {
  const firstOf = new Map<string, number>();
  const firstAt = new Map<string, number>();
  for (const [place, { key, created }] of requests.entries()) {
    if (key === null || firstOf.has(key)) continue;
    firstOf.set(key, place);
    firstAt.set(key, created);
  }
  return { request: new Map(requests.map(({ id }, place) => [id, place])), firstOf, firstAt };
}

const REQUEST = /\breq_[A-Za-z0-9]+/;

/** Evidence without a request is a list that was read: A20 looks at that. */
function sentTooEarly({ request, firstOf }: Sent) {
  return (
    { operation, attempt, key }: AttemptRow,
    i: number,
    all: readonly AttemptRow[],
  ): string[] => {
    const evidence = REQUEST.exec(all[i - 1]?.evidence ?? '')?.[0] ?? '';
    const [failedAt, sentAt] = [request.get(evidence), firstOf.get(key)];
    if (failedAt === undefined || sentAt === undefined || sentAt > failedAt) return [];
    return [`${operation} attempt ${attempt} was sent before attempt ${i} had failed`];
  };
}
