import type { OrderWish } from '@checkout/testkit';
import type { Random } from './random.js';

/**
 * What the n-th customer of a load wants, and how such people use a browser: most ask once, some
 * press twice, some repeat what was answered, some never come back for their answer, some change
 * their mind. It depends on the seed alone.
 */
export interface Wish {
  readonly n: number;
  readonly customer: number;
  readonly key: string;
  readonly order: OrderWish;
  readonly manner: Manner;
  /** Milliseconds after the order was accepted; undefined: it is not cancelled. */
  readonly cancelAfterMs: number | undefined;
  readonly cancelKey: string;
  /** Looks at the order again and again until it has come to an end. */
  readonly watches: boolean;
}

export type Manner =
  /** Asks until the answer is definite. */
  | 'patient'
  /** Asks again after the answer, and must get the same bytes. */
  | 'repeats'
  /** Sends it several times at once. */
  | 'races'
  /** Asks once and lives with not knowing. */
  | 'leaves';

const CARDS = [
  [70, 'pm_card_visa'],
  [14, 'pm_card_visa_chargeDeclined'],
  [6, 'pm_card_visa_chargeDeclinedInsufficientFunds'],
  [6, 'pm_card_visa_answerLost'],
  [2, 'pm_card_visa_slow'],
  // Declined in a way that calls for another attempt, and for another.
  [2, 'pm_card_chargeDeclinedProcessingError'],
] as const;

const MANNERS = [
  [72, 'patient'],
  [10, 'repeats'],
  [10, 'races'],
  [8, 'leaves'],
] as const;

const PRODUCTS = ['espresso-cup', 'coffee-beans', 'hand-mill', 'recipe-book'] as const;
/** In a hundred: orders that end otherwise than by the card. */
const WANTS_LIMITED_PRINT = 3;
const WANTS_TOO_MUCH = 2;
const NAMES_NO_PRODUCT = 2;
const CHANGES_THE_MIND = 10;
const WATCHES = 25;
/** From before anybody has decided to well after it was booked. */
const CANCELS_WITHIN_MS = 1_500;
/** At the catalogue's prices more than fraud detection lets pass. */
const TOO_MANY_CUPS = 500;

export function wishes(random: Random, customers: number): (n: number) => Wish {
  return (n) => ({
    n,
    customer: n % customers,
    key: random.uuid(),
    order: { lines: linesOf(random), paymentMethod: random.oneOf(CARDS) },
    manner: random.oneOf(MANNERS),
    cancelAfterMs: random.percent(CHANGES_THE_MIND)
      ? random.whole(0, CANCELS_WITHIN_MS)
      : undefined,
    cancelKey: random.uuid(),
    watches: random.percent(WATCHES),
  });
}

function linesOf(random: Random): OrderWish['lines'] {
  if (random.percent(NAMES_NO_PRODUCT)) return [{ sku: 'no-such-thing', quantity: 1 }];
  if (random.percent(WANTS_TOO_MUCH)) return [{ sku: 'espresso-cup', quantity: TOO_MANY_CUPS }];
  if (random.percent(WANTS_LIMITED_PRINT)) return [{ sku: 'limited-print', quantity: 1 }];
  const skus = random.shuffled(PRODUCTS).slice(0, random.whole(1, 2));
  return skus.map((sku) => ({ sku, quantity: random.whole(1, 3) }));
}
