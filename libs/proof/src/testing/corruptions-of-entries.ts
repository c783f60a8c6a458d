import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  entriesOf,
  forgetAtLastAudit,
  payloadOf,
  rewrite,
  rewriteEntry,
  type Corruption,
  type DraftEntry,
} from './planting.js';
import { retell, type Told } from './retell.js';

const NOBODY = '018f0000-0000-7000-8000-00000000beef';
const NEVER = '018f0000-0000-5000-8000-00000000dead';

/** The table says something else than the topic, of an entry that the last audit did not see. */
function inTheTable(change: (entry: DraftEntry) => void) {
  return (draft: Draft): boolean | void => {
    const [row] = draft.ledger.entries;
    if (!row) return false;
    const entry = JSON.parse(row.entry) as DraftEntry;
    change(entry);
    row.entry = JSON.stringify(entry);
    forgetAtLastAudit(draft, row.transactionId);
  };
}

function onTheTopic(change: (entry: DraftEntry) => void) {
  return (draft: Draft): boolean | void => {
    const [record] = entriesOf(draft, 'charge');
    if (!record) return false;
    const entry = payloadOf<DraftEntry>(record);
    change(entry);
    rewrite(draft, record, JSON.stringify(entry));
    forgetAtLastAudit(draft, record.key);
  };
}

function oneMore({ legs: [leg] }: DraftEntry): void {
  if (leg) leg.amount = String(BigInt(leg.amount) + 1n);
}

const NOTHING = { account: 'petty-cash', direction: 'debit', amount: '0' };

const balances: readonly Corruption[] = [
  corruption('A22', 'a row of the ledger does not balance, its record does', inTheTable(oneMore)),
  corruption('A22', 'a record of the ledger does not balance, its row does', onTheTopic(oneMore)),
  corruption(
    'A22',
    'a row of the ledger has no legs',
    inTheTable((entry) => void (entry.legs = [])),
  ),
  ...['0', '1.5', '01'].map((amount) =>
    corruption(
      'A22',
      `a row of the ledger has legs of ${amount}`,
      inTheTable(({ legs }) => {
        legs.push({ ...NOTHING, amount }, { ...NOTHING, amount, direction: 'credit' });
      }),
    ),
  ),
];

/** Everything that names an order for an entry names this one. */
function bookFor(draft: Draft, orderId: string, kind: string): boolean {
  const [record] = entriesOf(draft, 'charge');
  const fact = draft.orders.facts.find(({ eventId }) => eventId === record?.headers['id']);
  if (!record || !fact) return false;
  Object.assign(fact, { orderId, kind: kind === 'charge' ? 'booked' : 'refunded' });
  rewriteEntry(draft, record, (entry) => Object.assign(entry, { orderId, kind }));
  return true;
}

const whose: readonly Corruption[] = [
  corruption('A23', 'a charge is booked for an order that is not there', (draft) =>
    bookFor(draft, NOBODY, 'charge'),
  ),
  corruption('A23', 'a charge is booked as a refund', (draft) => {
    const [record] = entriesOf(draft, 'charge');
    return record ? bookFor(draft, payloadOf<DraftEntry>(record).orderId, 'refund') : false;
  }),
  corruption('A24', 'the table has an entry that was never on the topic', (draft) => {
    const [row] = draft.ledger.entries;
    if (!row) return false;
    const entry = { ...(JSON.parse(row.entry) as DraftEntry), orderId: NOBODY };
    const stray = { ...entry, transactionId: NEVER };
    draft.ledger.entries.push({ transactionId: NEVER, entry: JSON.stringify(stray) });
  }),
  corruption('A25', 'a row of the ledger is gone since the last audit', (draft) => {
    const row = draft.ledger.entries.find(({ transactionId }) => {
      return draft.recordings.checkpoint?.entries[transactionId];
    });
    if (!row) return false;
    draft.ledger.entries = draft.ledger.entries.filter((one) => one !== row);
  }),
  ...['equal_or_refused', 'never_removed'].map((guard) =>
    corruption('A25', `the guard ${guard} of the ledger is off`, (draft) => {
      draft.ledger.guards = draft.ledger.guards.filter((name) => name !== guard);
    }),
  ),
];

function rebook(draft: Draft, change: (entry: DraftEntry) => void): boolean {
  const [told] = committed(draft, 'outboxPayment', 'PaymentRefunded');
  const record = entriesOf(draft, 'refund').find((entry) => {
    return told && payloadOf<Told>(entry).orderId === payloadOf<Told>(told).orderId;
  });
  if (!record) return false;
  rewriteEntry(draft, record, change);
  return true;
}

const told: readonly Corruption[] = [
  ...(['fee', 'tax'] as const).map((part) =>
    corruption('A23', `the ${part} of a charge is told in another currency`, (draft) =>
      retell(draft, 'PaymentSucceeded', (one) => (one[part].currency = 'USD')),
    ),
  ),
  corruption('A23', 'the tax of a refund is told in another currency', (draft) =>
    retell(draft, 'PaymentRefunded', ({ tax }) => (tax.currency = 'USD')),
  ),
  corruption('A23', 'a fee was told one minor unit too high, and booked as it is', (draft) =>
    retell(draft, 'PaymentSucceeded', ({ fee }) => {
      fee.amount = String(BigInt(fee.amount) + 1n);
    }),
  ),
  corruption('A23', 'a refund was told and booked without its tax', (draft) => {
    const isTold = retell(draft, 'PaymentRefunded', ({ tax }) => (tax.amount = '0'));
    return (
      isTold &&
      rebook(draft, (entry) => {
        const tax = entry.legs.find(({ account }) => account === 'vat-payable');
        const [revenue] = entry.legs;
        if (!tax || !revenue) return;
        revenue.amount = String(BigInt(revenue.amount) + BigInt(tax.amount));
        entry.legs = entry.legs.filter((leg) => leg !== tax);
      })
    );
  }),
  corruption('A23', 'a refund was told and booked as another one', (draft) => {
    const gatewayReference = 're_nowhere';
    const isTold = retell(draft, 'PaymentRefunded', (one) =>
      Object.assign(one, { gatewayReference }),
    );
    return isTold && rebook(draft, (entry) => Object.assign(entry, { gatewayReference }));
  }),
  corruption('A23', 'a decline tells of another currency', (draft) =>
    retell(draft, 'PaymentDeclined', ({ amount }) => (amount.currency = 'USD')),
  ),
];

/** Ledger entries, one by one: what they hold, and whose they are. */
export const corruptionsOfEntries: readonly Corruption[] = [...balances, ...whose, ...told];
