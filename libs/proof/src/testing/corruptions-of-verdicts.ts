import { changelogs } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  hide,
  orderIdOf,
  ordersThatAre,
  payloadOf,
  recordsThatAre,
  rewrite,
  write,
  type Corruption,
  type DraftRecord,
} from './planting.js';

type Order = Draft['orders']['orders'][number];

const ANOTHER = '018f0000-0000-5000-8000-00000000dead';

interface Said {
  readonly order: Order;
  readonly cleared: DraftRecord;
}

function said(draft: Draft): Said | undefined {
  const [order] = ordersThatAre(draft, 'booked');
  const cleared = committed(draft, 'checks', 'FraudCleared').find((record) => {
    return orderIdOf(record) === order?.id;
  });
  return order && cleared && { order, cleared };
}

/** Every version of the verdict that the stage has stored says the same: something else. */
function storeOtherwise(draft: Draft, { id, customerId }: Order, change: object): void {
  for (const row of recordsThatAre(draft, 'committed', changelogs.velocity.name)) {
    if (row.key !== `${customerId}|${id}`) continue;
    row.value = JSON.stringify({ ...payloadOf<object>(row), ...change });
  }
}

/** What fraud has said of an order, and what was made of it. */
export const corruptionsOfVerdicts: readonly Corruption[] = [
  corruption('A14', 'an order was approved that was refused as fraud', (draft) => {
    const found = said(draft);
    if (!found) return false;
    const { order, cleared } = found;
    const reason = 'too-many-orders';
    cleared.headers['type'] = 'FraudRefused';
    rewrite(draft, cleared, JSON.stringify({ ...payloadOf<object>(cleared), reason }));
    storeOtherwise(draft, order, { refused: reason });
  }),
  corruption('A14', 'an order was approved of which fraud has said nothing', (draft) => {
    const found = said(draft);
    if (!found) return false;
    hide(draft, found.cleared);
  }),
  corruption(
    'A14',
    'the stored verdict counts other orders than the one that was told',
    (draft) => {
      const found = said(draft);
      if (!found) return false;
      storeOtherwise(draft, found.order, { ordersInWindow: 19 });
    },
  ),
  corruption('A14', 'an order is stored as refused, and was told to be cleared', (draft) => {
    const found = said(draft);
    if (!found) return false;
    storeOtherwise(draft, found.order, { refused: 'too-many-orders' });
  }),
  corruption('A10', 'a verdict was told twice, in equal words', (draft) => {
    const found = said(draft);
    if (!found) return false;
    const { cleared } = found;
    write(draft, { ...cleared, headers: { ...cleared.headers, id: ANOTHER } });
  }),
];
