import type { Draft } from './draft.js';
import { requestHash, sha256 } from '../recordings/client-history.js';
import { corruption, type Corruption } from './planting.js';
import { PLACE } from './simulated-shop.js';

/** An order against what its customer asked for and was told: key row and history agree in each. */
export const corruptionsOfWishes: readonly Corruption[] = [
  corruption('A04', 'a customer asked for something else than what was stored', (draft) => {
    const lines = [{ sku: 'espresso-cup', quantity: 99 }];
    return asked(draft, requestHash({ lines, paymentMethod: 'pm_card_amex' }));
  }),
  corruption('A04', 'a customer was charged another total than he had been shown', (draft) => {
    const order = placed(draft);
    if (!order) return false;
    const lines = draft.orders.lines.filter(({ orderId }) => orderId === order.id);
    const { paymentMethod, currency } = order;
    const expectedTotal = { amount: String(order.total - 1n), currency };
    return asked(draft, requestHash({ lines, paymentMethod, expectedTotal }));
  }),
  corruption('A04', 'a customer was told another total than he was charged', (draft) => {
    const row = rowOf(draft);
    if (!row) return false;
    const told = { id: row.orderId, status: 'placed', total: { amount: '1', currency: 'EUR' } };
    row.response = JSON.stringify(told);
    for (const one of draft.recordings.history ?? []) {
      if (one.orderId === row.orderId && one.op === 'place') {
        one.responseHash = sha256(row.response);
      }
    }
  }),
];

function placed(draft: Draft) {
  return draft.orders.orders[0];
}

function rowOf(draft: Draft) {
  const id = placed(draft)?.id;
  return draft.orders.keys.find(({ route, orderId }) => orderId === id && route === PLACE);
}

function asked(draft: Draft, hash: string): boolean {
  const row = rowOf(draft);
  if (!row) return false;
  row.requestHash = hash;
  for (const one of draft.recordings.history ?? []) {
    if (one.key === row.key && one.customerId === row.customerId) one.bodyHash = hash;
  }
  return true;
}
