import { corruption, ordersThatAre, type Corruption } from './planting.js';

/** What stands beside the money: words for the customer, the kept status, the card. */
export const corruptionsOfColumns: readonly Corruption[] = [
  ...['pm_card_other', null].map((paymentMethod) =>
    corruption('A16', `an intent was charged with the payment method ${paymentMethod}`, (draft) => {
      const [order] = ordersThatAre(draft, 'booked');
      const intent = draft.gateway.intents.find(({ orderId }) => orderId === order?.id);
      if (!intent) return false;
      Object.assign(intent, { paymentMethod });
    }),
  ),
  corruption('A16', 'an intent that came to nothing has another payment method', (draft) => {
    const intent = draft.gateway.intents.find(({ status }) => status !== 'succeeded');
    if (!intent) return false;
    intent.paymentMethod = 'pm_card_other';
  }),
  corruption('A28', 'an order tells another reason than its history', (draft) => {
    const [order] = ordersThatAre(draft, 'rejected', 'payment_failed', 'cancelled', 'refunded');
    if (!order) return false;
    order.reason = 'No reason at all.';
  }),
  corruption(
    'A28',
    'an order and its history tell another reason than what was decided',
    (draft) => {
      const [order] = ordersThatAre(draft, 'rejected', 'payment_failed', 'cancelled', 'refunded');
      const step = draft.orders.history.find((one) => {
        return one.orderId === order?.id && one.version === order.version;
      });
      if (!order || !step) return false;
      order.reason = step.reason = 'No reason at all.';
    },
  ),
  corruption('A28', 'a customer is told nothing of why his order failed', (draft) => {
    const [order] = ordersThatAre(draft, 'payment_failed');
    if (!order) return false;
    const { id, status, version } = order;
    const isIts = (row: { orderId: string }) => row.orderId === id;
    const fact = draft.orders.facts.find((one) => isIts(one) && one.kind === status);
    const step = draft.orders.history.find((one) => isIts(one) && one.version === version);
    for (const row of [order, fact, step]) Object.assign(row ?? {}, { reason: null });
  }),
  corruption('A28', 'an order that is booked says why it came to nothing', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    if (!order) return false;
    order.reason = 'The bank declined the card.';
  }),
  ...['POST /api/orders', 'POST /api/orders/{id}/cancel'].map((route) =>
    corruption('A04', `the answer to ${route} is kept as a refusal`, (draft) => {
      const row = draft.orders.keys.find((one) => one.route === route);
      if (!row) return false;
      row.status = 422;
    }),
  ),
];
