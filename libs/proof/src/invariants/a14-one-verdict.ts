import { eventId, orderPlacedId } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { AnySeen } from '../log-view.js';
import { mayBeGone } from './aged.js';

export const a14: Invariant = {
  id: 'A14',
  says: 'An order has one fraud verdict for ever, and is paid only if it was approved.',
  rule:
    'FraudCleared and FraudRefused per order: one; its row in the changelog of velocity ' +
    'never changes and says the same; OrderApproved carries it; a payment with an approval ' +
    'names an OrderApproved that is there, or was its order’s and is so old that it is gone',
  judge(observed) {
    const verdicts = observed.log.events('checks').filter(isVerdict);
    const byOrder = Map.groupBy(verdicts, ({ payload }) => payload.orderId);
    const approvals = observed.log.events('ordersApproved');
    const { payments } = observed.evidence.payments;
    const isGone = mayBeGone(observed, 'checks');
    return {
      rows: verdicts.length + approvals.length + payments.length,
      counterExamples: [
        ...[...byOrder.values()].flatMap(contradictions),
        ...storedFaults(observed, byOrder),
        ...approvals.flatMap((approval) => carriedFaults(approval, byOrder, isGone)),
        ...withoutApproval(observed),
      ],
    };
  },
};

type Verdict = AnySeen<'FraudCleared' | 'FraudRefused'>;

function isVerdict(event: AnySeen): event is Verdict {
  return event.type === 'FraudCleared' || event.type === 'FraudRefused';
}

function wordsOf({ type, payload }: Verdict): string {
  const reason = 'reason' in payload ? payload.reason : 'cleared';
  return `${type} ${payload.ordersInWindow} ${reason}`;
}

function contradictions([first, ...others]: readonly Verdict[]): CounterExample[] {
  return others
    .filter((other) => !first || wordsOf(other) !== wordsOf(first))
    .map((other) => ({
      what: `is judged "${wordsOf(other)}" after "${first && wordsOf(first)}"`,
      orderId: other.payload.orderId,
      eventId: other.id,
      at: placeOf(other.record),
    }));
}

interface StoredVerdict {
  readonly ordersInWindow: number;
  readonly refused?: string;
}

function storedFaults(
  { log }: Case,
  byOrder: ReadonlyMap<string, readonly Verdict[]>,
): CounterExample[] {
  const stored = log.committed(log.changelog('velocity')).flatMap((record) => {
    const orderId = record.key?.split('|')[1];
    return orderId && record.value !== null ? [{ orderId, record, value: record.value }] : [];
  });
  return [...Map.groupBy(stored, ({ orderId }) => orderId)].flatMap(([orderId, rows]) => {
    const [first] = rows;
    const changed = rows.find(({ value }) => value !== first?.value);
    if (changed) {
      return [{ what: 'its stored verdict was changed', orderId, at: placeOf(changed.record) }];
    }
    const said = byOrder.get(orderId)?.[0];
    const { ordersInWindow, refused } = JSON.parse(first?.value ?? '{}') as StoredVerdict;
    const type = refused ? 'FraudRefused' : 'FraudCleared';
    const words = `${type} ${ordersInWindow} ${refused ?? 'cleared'}`;
    if (!said || wordsOf(said) === words) return [];
    return [{ what: `its stored verdict is "${words}", said was "${wordsOf(said)}"`, orderId }];
  });
}

function carriedFaults(
  { payload, id, record }: AnySeen<'OrderApproved'>,
  byOrder: ReadonlyMap<string, readonly Verdict[]>,
  isGone: (orderId: string) => boolean,
): CounterExample[] {
  const { orderId, fraud } = payload;
  const verdict = byOrder.get(orderId)?.[0];
  const about = { orderId, eventId: id, at: placeOf(record) };
  if (!verdict && isGone(orderId)) return [];
  if (!verdict) return [{ what: 'is approved without a fraud verdict', ...about }];
  if (verdict.type === 'FraudRefused') return [{ what: 'is approved, refused as fraud', ...about }];
  if (verdict.payload.ordersInWindow === fraud.ordersInWindow) return [];
  return [{ what: 'is approved with another verdict than the one that was given', ...about }];
}

/** The id follows from the order, also where age has taken the record. */
function withoutApproval(observed: Case): CounterExample[] {
  const { evidence, log } = observed;
  const isGone = mayBeGone(observed, 'ordersApproved');
  const approved = new Map(log.events('ordersApproved').map(({ id, payload }) => [id, payload]));
  return evidence.payments.payments.flatMap(({ orderId, approvedEventId }) => {
    if (approvedEventId === null || approved.get(approvedEventId)?.orderId === orderId) return [];
    const due = eventId(orderPlacedId(orderId), 'OrderApproved');
    if (isGone(orderId) && approvedEventId === due) return [];
    return [{ what: 'has a payment, and was never approved', orderId, eventId: approvedEventId }];
  });
}
