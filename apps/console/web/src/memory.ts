import type { CartLine } from './cart';
import type { Cancellation } from './cancellation';
import type { Placement, Settled } from './placement';

/** What this browser remembers between pages, shared by all its tabs. */
export interface Memory {
  /** The token is a cookie that no script can read; this is who it speaks for. */
  readonly customerId: string | null;
  readonly cart: readonly CartLine[];
  /** Orders without a definite answer, at most one per customer. */
  readonly placements: readonly Placement[];
  /** How the latest placement ended, for tabs that waited for it. */
  readonly settled: Settled | null;
  /** Wishes to cancel without a definite answer, at most one per order. */
  readonly cancellations: readonly Cancellation[];
}

export const EMPTY_MEMORY: Memory = {
  customerId: null,
  cart: [],
  placements: [],
  settled: null,
  cancellations: [],
};
