import { deadLetterTopic, topics, type TransactionalGroup } from '@checkout/events';
import type { TopicKey } from '../log-view.js';
import type { Draft } from './draft.js';
import { committed, corruption, write, type Corruption, type DraftRecord } from './planting.js';

const GROUP = 'enrichment.fraud';

/** A record that nobody can read, of which nobody but one stage must know. */
function broken(draft: Draft): DraftRecord {
  const { name: topic } = topics.fraud;
  return write(draft, { topic, partition: 0, key: 'x', value: 'not JSON', headers: {} });
}

function plantedIn(draft: Draft, { topic, partition, offset }: DraftRecord): void {
  draft.recordings.planted.push({ topic, partition, offset });
}

/** A stage parks a record: its bytes, where it lay, and why. */
export function park(
  draft: Draft,
  record: DraftRecord,
  { group = GROUP, reason = 'no JSON' }: { group?: TransactionalGroup; reason?: string } = {},
): DraftRecord {
  const { topic, partition, offset, key, value, headers } = record;
  const where = { 'dlq-topic': topic, 'dlq-partition': `${partition}`, 'dlq-offset': `${offset}` };
  return write(draft, {
    ...{ topic: deadLetterTopic(topic, group), partition: 0, key, value },
    headers: { ...headers, ...where, 'dlq-reason': reason },
  });
}

function parkedWith(change: (draft: Draft, copy: DraftRecord, original: DraftRecord) => void) {
  return (draft: Draft): void => {
    const record = broken(draft);
    plantedIn(draft, record);
    change(draft, park(draft, record), record);
  };
}

/** A record for inboxes, each of which has parked it, one of them as it should not. */
function parkedByInboxes(change: (rows: Draft['orders']['parked']) => void) {
  return (draft: Draft): void => {
    const topic = topics.ordersApproved.name;
    const unread = { topic, partition: 0, key: 'x', value: 'not JSON', headers: {} };
    const { partition, offset } = write(draft, unread);
    const row = { topic, partition, offset, eventId: 'x', reason: 'no JSON' };
    draft.recordings.planted.push({ topic, partition, offset });
    draft.payments.parked.push({ group: 'payment.charge', ...row });
    draft.orders.parked.push({ group: 'order.status', ...row });
    change(draft.orders.parked);
  };
}

function firstOf(draft: Draft, key: TopicKey, type: string): DraftRecord | undefined {
  return committed(draft, key, type)[0];
}

/** What was broken on purpose, and what became of it. */
export const corruptionsOfParking: readonly Corruption[] = [
  corruption(
    'A12',
    'a parked copy has another value than its original',
    parkedWith((_, copy) => void (copy.value = 'not JSON either')),
  ),
  corruption(
    'A12',
    'a parked copy has another key than its original',
    parkedWith((_, copy) => void (copy.key = 'y')),
  ),
  corruption(
    'A30',
    'a stage has parked a record without a cause',
    parkedWith((_, copy) => void delete copy.headers['dlq-reason']),
  ),
  corruption(
    'A30',
    'a stage has parked a record twice',
    parkedWith((draft, _, original) => void park(draft, original)),
  ),
  corruption(
    'A30',
    'an inbox has parked a record without a cause',
    parkedByInboxes(([row]) => {
      if (row) row.reason = '';
    }),
  ),
  corruption(
    'A30',
    'an inbox has parked a record twice',
    parkedByInboxes((rows) => void rows.push(...structuredClone(rows))),
  ),
  corruption('A30', 'a decline was parked by the books, though anybody can read it', (draft) => {
    const record = firstOf(draft, 'outboxPayment', 'PaymentDeclined');
    if (!record) return false;
    park(draft, record, { group: 'ledger.book' });
  }),
  corruption('A10', 'a stage has passed over what it cannot read, and not parked it', (draft) => {
    plantedIn(draft, broken(draft));
    const other = broken(draft);
    plantedIn(draft, other);
    park(draft, other);
    draft.recordings.planted.shift();
  }),
];
