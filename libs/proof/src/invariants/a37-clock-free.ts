import type { Invariant } from '../invariant.js';

export const a37: Invariant = {
  id: 'A37',
  says: 'Clocks that are a day apart change nothing in the books.',
  rule: 'two runs of one seed, with clocks shifted by 26 h, have the same ledger',
  judge() {
    return { notApplicable: 'two systems that are run by one seed, one with its clocks moved' };
  },
};
