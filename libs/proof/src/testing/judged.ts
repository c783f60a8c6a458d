import type { Verdict } from '../verdict.js';
import { cleanHistory } from './clean-history.js';
import { draftOf, type Draft } from './draft.js';

export function violated({ invariants }: Verdict): string[] {
  return invariants.filter(({ verdict }) => verdict === 'VIOLATED').map(({ id }) => id);
}

/** Made once: planting works on copies. */
const histories = new Map<number, ReturnType<typeof cleanHistory>>();

export function historyOf(seed: number): Draft {
  const known = histories.get(seed) ?? cleanHistory(seed);
  histories.set(seed, known);
  return draftOf(known);
}
