import type { Invariant } from '../invariant.js';
import { moneyOf } from './money-of.js';

export const a15: Invariant = {
  id: 'A15',
  says: 'No order is charged twice: what the gateway keeps of it is nothing, or one whole charge.',
  rule:
    'books, per order: at most one succeeded charge that is not wholly refunded; Σ charges − Σ ' +
    'refunds is 0 or that charge',
  everyOrder: true,
  atEveryMoment: true,
  judge({ evidence }) {
    const orders = moneyOf(evidence);
    return {
      rows: orders.size,
      counterExamples: [...orders].flatMap(([orderId, { charges, kept, standing }]) => {
        if (standing.length <= 1 && kept === (standing[0]?.amount ?? 0n)) return [];
        const ids = charges.map(({ id }) => id).join(', ');
        const what = `${standing.length} charges stand and ${kept} is kept of ${ids}`;
        return [{ what, orderId }];
      }),
    };
  },
};
