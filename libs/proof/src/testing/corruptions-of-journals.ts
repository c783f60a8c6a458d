import type { Draft } from './draft.js';
import { corruption, seenElsewhere, type Corruption } from './planting.js';

type Operation = NonNullable<Draft['recordings']['history']>[number];

function linesOf(draft: Draft): Operation[] {
  return draft.recordings.history ?? [];
}

/** What clients have written down is gone, or was never sent. */
export const corruptionsOfJournals: readonly Corruption[] = [
  corruption('A01', 'of a history one line is left, and somebody has looked at more', (draft) => {
    const line = linesOf(draft).find(({ op, result }) => op === 'place' && result === 'ok');
    draft.recordings.history = line ? [line] : [];
    return new Set((draft.recordings.reads ?? []).map(({ orderId }) => orderId)).size > 1;
  }),
  corruption('A02', 'a key was used that its customer never sent', (draft) => {
    const strange = linesOf(draft).find(({ op, result, customerId, key }) => {
      const others = linesOf(draft).some((one) => one.customerId === customerId && one.key !== key);
      return op === 'cancel' && result === 'ok' && others;
    });
    if (!strange) return false;
    draft.recordings.history = linesOf(draft).filter(({ key }) => key !== strange.key);
  }),
  seenElsewhere(
    corruption('A02', 'an order was placed under a key that its customer never sent', (draft) => {
      const heard = new Set((draft.recordings.reads ?? []).map(({ orderId }) => orderId));
      const strange = draft.orders.keys.find(({ customerId, key, orderId }) => {
        const others = linesOf(draft).some(
          (one) => one.customerId === customerId && one.key !== key,
        );
        return !heard.has(orderId) && others;
      });
      if (!strange) return false;
      draft.recordings.history = linesOf(draft).filter(({ key }) => key !== strange.key);
    }),
  ),
];
