import type { Payload } from '@checkout/events';
import type { Evidence } from '../evidence/evidence.js';
import type { PaymentRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { moneyOf, sum, type MoneyOfOrder } from './money-of.js';
import { notedAsFailed } from './noted.js';

export const a21: Invariant = {
  id: 'A21',
  says: 'No more goes back than was taken, and a refunded order has all of it back.',
  rule:
    'books, per order: Σ refunds of a charge ≤ the charge, in its currency; a key has one ' +
    'refund; the payment is REFUNDED, with the refund that the books have, exactly if Σ refunds ' +
    '= Σ charges > 0; no refund was made by an attempt that is noted as failed, none was asked ' +
    'for, by the gateway’s own log, before what it returns, and nothing was undone, or tried in ' +
    'vain to be, before the wish to cancel; a payment that is not REFUNDED notes no refund',
  everyOrder: true,
  judge({ evidence }) {
    const money = moneyOf(evidence);
    const failed = notedAsFailed(evidence);
    const placeOf = firstPlaces(evidence.gateway.books);
    const payments = new Map(evidence.payments.payments.map((row) => [row.orderId, row]));
    return {
      rows: money.size,
      counterExamples: [
        ...unwished(evidence),
        ...[...money].flatMap(([orderId, own]) => {
          const what =
            tooMuch(own) ??
            keyUsedTwice(own) ??
            stateFault(own, payments.get(orderId)) ??
            own.refunds.map(failed).find((one) => one !== undefined) ??
            askedTooEarly(own, placeOf);
          return what === undefined ? [] : [{ what, orderId }];
        }),
      ],
    };
  },
};

/** Two services say when something was, by the clocks of their machines. */
const CLOCKS_DIFFER_MS = 1_000;
const UNDOES = ['cancel', 'refund'];

/**
 * Nobody may even try to undo what stays sold, or before its customer has wished it. What has
 * succeeded without any wish is in the order’s end.
 */
function unwished({ orders, payments }: Evidence): CounterExample[] {
  const wishes = orders.outbox.filter(({ type }) => type === 'OrderCancelRequested');
  const wishedAt = new Map(
    wishes.map(({ payload }) => {
      const { orderId, occurredAt } = JSON.parse(payload) as Payload<'OrderCancelRequested'>;
      return [orderId, Date.parse(occurredAt)];
    }),
  );
  const undoing = payments.attempts.filter(({ operation }) => UNDOES.includes(operation));
  return undoing.flatMap(({ operation, attempt, orderId, state, createdAt }) => {
    const wished = wishedAt.get(orderId);
    const which = `${operation} attempt ${attempt}`;
    if (wished === undefined) {
      if (state === 'SUCCEEDED') return [];
      return [{ what: `${which} was tried, and nobody has wished it`, orderId }];
    }
    if (createdAt >= wished - CLOCKS_DIFFER_MS) return [];
    return [{ what: `${which} was made before anybody wished it`, orderId }];
  });
}

function tooMuch({ charges, refunds }: MoneyOfOrder): string | undefined {
  const byCharge = Map.groupBy(refunds, ({ charge }) => charge);
  for (const [id, own] of byCharge) {
    const charge = charges.find((one) => one.id === id);
    const ids = own.map((refund) => refund.id).join(', ');
    if (!charge) return `${ids} returns ${id}, which was not charged`;
    if (own.some(({ currency }) => currency !== charge.currency)) {
      return `${ids} is not in the currency of ${id}, ${charge.currency}`;
    }
    if (sum(own) > charge.amount) return `${ids}: ${sum(own)} went back of ${charge.amount}`;
  }
  return undefined;
}

/** Where the gateway's log has the first request with each key. */
function firstPlaces({ requests }: Evidence['gateway']['books']): ReadonlyMap<string, number> {
  const keyed = requests.flatMap(({ key }, place) => (key === null ? [] : [[key, place] as const]));
  return new Map(keyed.reverse());
}

function askedTooEarly(
  { charges, refunds }: MoneyOfOrder,
  placeOf: ReadonlyMap<string, number>,
): string | undefined {
  const placeOfKey = ({ key }: { readonly key: string | null }) => placeOf.get(key ?? '');
  const early = refunds.find((refund) => {
    const charge = charges.find(({ id }) => id === refund.charge);
    const [asked, charged] = [placeOfKey(refund), charge && placeOfKey(charge)];
    return asked !== undefined && charged !== undefined && asked < charged;
  });
  return early && `${early.id} was asked for before ${early.charge} was`;
}

function keyUsedTwice({ refunds }: MoneyOfOrder): string | undefined {
  const byKey = Map.groupBy(refunds, ({ key }) => key);
  const [twice] = [...byKey].filter(([, own]) => own.length > 1);
  if (!twice) return undefined;
  const ids = twice[1].map(({ id }) => id).join(' and ');
  return `key ${twice[0]} has made two refunds, ${ids}`;
}

function stateFault(
  { refunds, captured, refunded }: MoneyOfOrder,
  payment: PaymentRow | undefined,
): string | undefined {
  const all = captured > 0n && refunded === captured;
  if (payment?.state !== 'REFUNDED') {
    if (all) return `all went back, and its payment is ${payment?.state ?? 'not there'}`;
    return payment && refundNoted(payment);
  }
  if (!all) return `its payment is REFUNDED, and ${refunded} of ${captured} went back`;
  const known = refunds.some(({ id }) => id === payment.refundReference);
  return known ? undefined : `the books have no refund ${payment.refundReference}`;
}

function refundNoted({ state, refundReference, refundedXid }: PaymentRow): string | undefined {
  if (refundReference === null && refundedXid === null) return undefined;
  return `its payment is ${state} and notes the refund ${refundReference}`;
}
