import type { Invariant } from '../invariant.js';

export const a27: Invariant = {
  id: 'A27',
  says: 'What the gateway tells by itself is applied once, and never backwards.',
  rule: 'webhook events: id unique, applied at most once, every step one of the table of states',
  judge() {
    return { notApplicable: 'webhooks: the payment service asks the gateway and is not told' };
  },
};
