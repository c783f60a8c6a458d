import { chargeTransactionId, partitionOf, topics, type Payload } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  entriesOf,
  forgetAtLastAudit,
  hide,
  ordersThatAre,
  payloadOf,
  rewrite,
  rewriteEntry,
  write,
  type Corruption,
  type DraftEntry,
  type DraftRecord,
} from './planting.js';

function entry(draft: Draft, kind = 'charge'): DraftRecord | undefined {
  return entriesOf(draft, kind)[0];
}

function onEntry(
  draft: Draft,
  change: (entry: DraftEntry) => void,
  kind = 'charge',
): boolean | void {
  const record = entry(draft, kind);
  if (!record) return false;
  rewriteEntry(draft, record, change);
}

function drop(draft: Draft, record: DraftRecord): void {
  hide(draft, record);
  draft.ledger.entries = draft.ledger.entries.filter((row) => row.transactionId !== record.key);
  const { orders } = draft;
  const id = record.headers['id'];
  orders.facts = orders.facts.filter(({ eventId }) => eventId !== id);
  orders.inbox = orders.inbox.filter(({ eventId }) => eventId !== id);
  forgetAtLastAudit(draft, record.key);
}

function oneMore(leg: { amount: string } | undefined): void {
  if (leg) leg.amount = String(BigInt(leg.amount) + 1n);
}

const entries: readonly Corruption[] = [
  corruption('A22', 'a leg is one minor unit too high', (draft) =>
    onEntry(draft, ({ legs }) => oneMore(legs[0])),
  ),
  corruption('A22', 'a leg is missing', (draft) => onEntry(draft, ({ legs }) => void legs.pop())),
  corruption('A22', 'a leg is negative', (draft) =>
    onEntry(draft, ({ legs }) => {
      if (legs[1]) legs[1].amount = `-${legs[1].amount}`;
    }),
  ),
  corruption('A23', 'an entry is one minor unit too high on both sides', (draft) =>
    onEntry(draft, ({ legs }) => {
      oneMore(legs.find(({ direction }) => direction === 'debit'));
      oneMore(legs.find(({ direction }) => direction === 'credit'));
    }),
  ),
  corruption('A23', 'an entry is in another currency', (draft) =>
    onEntry(draft, (one) => void (one.currency = 'USD')),
  ),
  corruption('A23', 'an entry is on another account', (draft) =>
    onEntry(draft, ({ legs }) => {
      if (legs[0]) legs[0].account = 'petty-cash';
    }),
  ),
  corruption('A23', 'a charge is not booked', (draft) => {
    const [record, another] = entriesOf(draft, 'charge');
    if (!record || !another) return false;
    drop(draft, record);
  }),
  corruption('A23', 'a refund has no reversal', (draft) => {
    const record = entry(draft, 'refund');
    if (!record) return false;
    drop(draft, record);
  }),
  corruption('A23', 'an order that was not paid is booked', (draft) => {
    const record = entry(draft);
    const [order] = ordersThatAre(draft, 'payment_failed', 'rejected', 'cancelled');
    if (!record || !order) return false;
    const transactionId = chargeTransactionId(order.id);
    const booked = { ...payloadOf<DraftEntry>(record), orderId: order.id, transactionId };
    const value = JSON.stringify(booked);
    const id = '018f0000-0000-5000-8000-00000000dead';
    const headers = { ...record.headers, id };
    const place = partitionOf(transactionId, topics.ledger.partitions);
    const booking = { ...record, key: transactionId, partition: place, value, headers };
    const { topic, partition, offset } = write(draft, booking);
    draft.ledger.entries.push({ transactionId, entry: value });
    const fact = { orderId: order.id, kind: 'booked', reason: null, eventId: id };
    draft.orders.facts.push({ ...fact, topic, partition, offset });
  }),
  corruption('A24', 'a row of the table is not what the topic says', (draft) => {
    const [row] = draft.ledger.entries;
    if (!row) return false;
    const changed = { ...(JSON.parse(row.entry) as DraftEntry), gatewayReference: 'pi_other' };
    row.entry = JSON.stringify(changed);
    forgetAtLastAudit(draft, row.transactionId);
  }),
  corruption('A24', 'a row of the table is missing', (draft) => {
    const [row] = draft.ledger.entries;
    if (!row) return false;
    draft.ledger.entries.shift();
    forgetAtLastAudit(draft, row.transactionId);
  }),
  corruption('A24', 'an entry was written again with other content', (draft) => {
    const record = entry(draft);
    if (!record) return false;
    forgetAtLastAudit(draft, record.key);
    const changed = { ...payloadOf<DraftEntry>(record), gatewayReference: 'pi_other' };
    write(draft, { ...record, value: JSON.stringify(changed) });
  }),
  corruption('A25', 'an entry is struck out on the topic', (draft) => {
    const record = entry(draft);
    if (!record) return false;
    forgetAtLastAudit(draft, record.key);
    write(draft, { ...record, value: null });
  }),
  corruption('A25', 'a row of the ledger was updated', (draft) => void (draft.ledger.changed = 1)),
  corruption('A25', 'a guard of the ledger is off', (draft) => void draft.ledger.guards.pop()),
  corruption('A25', 'an entry has changed since the last audit, wherever it is', (draft) => {
    const record = committed(draft, 'ledger').find(
      ({ key }) => key !== null && draft.recordings.checkpoint?.entries[key],
    );
    const hash = draft.recordings.checkpoint?.entries[record?.key ?? ''];
    if (!record?.key || !hash || !draft.recordings.checkpoint) return false;
    rewriteEntry(draft, record, (one) => void (one.gatewayReference = 'pi_other'));
    draft.recordings.checkpoint.entries[record.key] = hash;
  }),
  corruption('A26', 'the topic says something else than at the last audit', (draft) => {
    const record = committed(draft, 'ledger').find(
      ({ key }) => key !== null && draft.recordings.checkpoint?.entries[key],
    );
    if (!record) return false;
    const changed = { ...payloadOf<DraftEntry>(record), gatewayReference: 'pi_other' };
    rewrite(draft, record, JSON.stringify(changed));
  }),
];

type Fact = Payload<'PaymentSucceeded'>;

/**
 * Tells something else of a payment, wherever it is written, and books it as it was told: stages
 * and books agree with each other, and with nobody else.
 */
function tell(draft: Draft, orderId: string, change: (fact: Fact) => void): boolean | void {
  const type = 'PaymentSucceeded';
  const told = committed(draft, 'outboxPayment', type).filter(about(orderId));
  const [first] = told;
  const booked = entriesOf(draft, 'charge').filter(about(orderId));
  if (!first || booked.length === 0) return false;
  const fact = payloadOf<Fact>(first);
  change(fact);
  const text = JSON.stringify(fact);
  for (const record of told) rewrite(draft, record, text);
  for (const row of draft.payments.outbox) if (row.id === first.key) row.payload = text;
  for (const record of booked) {
    rewriteEntry(draft, record, (entry) => {
      const { gatewayReference, legs } = entryFor(fact);
      Object.assign(entry, { gatewayReference, legs });
    });
  }
}

const about = (orderId: string) => (record: DraftRecord) =>
  payloadOf<{ orderId: string }>(record).orderId === orderId;

/** The rule of double entry, once more. */
function entryFor({ amount, fee, tax, gatewayReference }: Fact) {
  const [charged, kept, owed] = [amount, fee, tax].map((one) => BigInt(one.amount));
  const legs = [
    leg('gateway-receivable', 'debit', charged! - kept!),
    leg('gateway-fees', 'debit', kept!),
    leg('sales-revenue', 'credit', charged! - owed!),
    leg('vat-payable', 'credit', owed!),
  ];
  return { gatewayReference, legs: legs.filter(({ amount: moved }) => moved !== '0') };
}

function leg(account: string, direction: 'debit' | 'credit', amount: bigint) {
  return { account, direction, amount: String(amount) };
}

/** Fact and entry agree, and are wrong. */
const agreed: readonly Corruption[] = [
  corruption('A23', 'a fee is told and booked one minor unit too high', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    if (!order) return false;
    return tell(draft, order.id, ({ fee }) => oneMore(fee));
  }),
  corruption('A23', 'a tax is neither told nor booked', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    if (!order) return false;
    return tell(draft, order.id, ({ tax }) => void (tax.amount = '0'));
  }),
  corruption('A23', 'two orders are told and booked with each other’s amounts', (draft) => {
    const [one, ...others] = ordersThatAre(draft, 'booked');
    const other = others.find(({ total }) => total !== one?.total);
    if (!one || !other || one.tax > other.total || other.tax > one.total) return false;
    const swapped = [[one.id, other.total] as const, [other.id, one.total] as const];
    for (const [id, total] of swapped) {
      if (tell(draft, id, ({ amount }) => void (amount.amount = String(total))) === false) {
        return false;
      }
    }
  }),
  corruption('A23', 'what is told and booked names another payment of the gateway', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    if (!order) return false;
    return tell(draft, order.id, (fact) => void (fact.gatewayReference = 'pi_nowhere'));
  }),
  corruption('A23', 'a part of the tax is booked as revenue', (draft) =>
    onEntry(draft, ({ legs }) => {
      const [revenue, tax] = ['sales-revenue', 'vat-payable'].map((account) =>
        legs.find((one) => one.account === account),
      );
      oneMore(revenue);
      if (tax) tax.amount = String(BigInt(tax.amount) - 1n);
    }),
  ),
];

export const corruptionsOfBooks: readonly Corruption[] = [...entries, ...agreed];
