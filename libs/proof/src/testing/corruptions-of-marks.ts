import { topics } from '@checkout/events';
import type { Draft } from './draft.js';
import { committed, corruption, payloadOf, rewrite, write, type Corruption } from './planting.js';

type Read = Extract<
  NonNullable<Draft['recordings']['consumed']>[number]['events'][number],
  { kind: 'read' }
>;

const { inventoryLevels, ordersApproved } = topics;

function unread(draft: Draft, topic: string, value: string | null): void {
  write(draft, { topic, partition: 0, key: 'x', value, headers: {} });
}

/** What an inbox has a mark of, and what came of it. */
const marks: readonly Corruption[] = [
  corruption('A36', 'payment has two marks of an event', (draft) => {
    const [row] = draft.payments.inbox;
    if (!row) return false;
    draft.payments.inbox.push({ ...row });
  }),
  corruption('A36', 'the shop’s number is older than what it has read', (draft) => {
    const levels = committed(draft, 'inventoryLevels');
    const newer = draft.orders.levels.find(({ bucket, offset: newest }) => {
      return levels.some(({ key, offset }) => key === bucket && offset < newest);
    });
    const older = levels.find(({ key }) => key === newer?.bucket);
    if (!newer || !older) return false;
    newer.offset = older.offset;
  }),
  corruption('A36', 'an approval is a fact of a cancellation, too', (draft) => {
    const approved = draft.orders.facts.find(({ kind }) => kind === 'approved');
    if (!approved) return false;
    draft.orders.facts.push({ ...approved, kind: 'cancelled' });
  }),
  corruption('A30', 'an approval without a value was dropped', (draft) => {
    unread(draft, ordersApproved.name, null);
  }),
  corruption('A30', 'a level that cannot be read was dropped', (draft) => {
    unread(draft, inventoryLevels.name, 'not JSON');
  }),
];

/** The first of two records of one reading is left out, and read by a later life. */
function beginLater(draft: Draft): boolean {
  for (const { events } of draft.recordings.consumed ?? []) {
    const at = events.findIndex((event, i) => {
      const before = events[i - 1];
      const isFirst = before?.kind === 'took' && before.position !== null;
      return event.kind === 'read' && event.records.length > 1 && isFirst;
    });
    const read = events[at] as Read | undefined;
    const skipped = read?.records.shift();
    if (!read || !skipped) continue;
    const { group, topic, partition } = read;
    const where = { group, topic, partition };
    draft.recordings.consumed?.push({
      incarnation: 'later',
      events: [
        { kind: 'took', ...where, position: skipped.offset },
        { kind: 'read', ...where, at: read.at, records: [skipped] },
      ],
    });
    return true;
  }
  return false;
}

/** What was sold, against what was told of it. */
const sales: readonly Corruption[] = [
  corruption('A32', 'an order has a product that is not in the catalogue', (draft) => {
    const [line] = draft.orders.lines;
    if (!line) return false;
    line.sku = 'nothing-that-is-sold';
  }),
  corruption('A32', 'a line was told at another price than it was sold for', (draft) => {
    const [record] = committed(draft, 'outboxOrder', 'OrderPlaced');
    const row = draft.orders.outbox.find(({ id }) => id === record?.key);
    if (!record || !row) return false;
    const told = payloadOf<{ lines: { unitPrice: { amount: string } }[] }>(record);
    for (const { unitPrice } of told.lines) unitPrice.amount = `1${unitPrice.amount}`;
    row.payload = JSON.stringify(told);
    for (const one of committed(draft, 'outboxOrder')) {
      if (one.key === record.key) rewrite(draft, one, row.payload);
    }
  }),
];

export const corruptionsOfMarks: readonly Corruption[] = [
  ...marks,
  ...sales,
  corruption('A09', 'a life has begun behind the position at which it took over', beginLater),
];
