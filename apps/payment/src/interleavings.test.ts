import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectKeyDiscipline, expectWholesome } from './testing/expect-charged.js';
import { Stage } from './testing/stage.js';
import { type Lived, live, type Troubles, untroubled } from './testing/troubled-life.js';

/**
 * Approval, cancel, repeats, lost calls, a second worker and deaths of the process, at every moment
 * of an order's life: what was charged minus what was returned is nothing or the whole, each kind
 * of outcome is told at most once, and "cancelled" is said only when nothing was charged.
 */
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

/** Creating and confirming are eight moments, cancelling and refunding four more each. */
const CHARGING_MOMENTS = 8;
const MOMENTS = CHARGING_MOMENTS + 4 + 4;
const AFTER_ALL = 1_000;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const cancels: Troubles['cancel'][] = ['first', ...upTo(CHARGING_MOMENTS), AFTER_ALL];

const cards = [
  'pm_card_visa',
  'pm_card_visa_chargeDeclined',
  'pm_card_chargeDeclinedProcessingError',
];

async function expectAllWholesome(lives: readonly Lived[]): Promise<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (const { approval, troubles } of lives) {
    const state = await expectWholesome(stage, approval, troubles.cancel !== 'never');
    ends[state] = (ends[state] ?? 0) + 1;
  }
  return ends;
}

/** As many orders as one batch of a busy shop. */
const SLOW = { timeout: 240_000 };

describe('a cancel at every moment of an order', SLOW, () => {
  test('and a death at every moment', async () => {
    const troubles = cancels.flatMap((cancel) =>
      upTo(MOMENTS).map((death) => ({ ...untroubled, cancel, deaths: [death] })),
    );
    const lives = await live(stage, troubles);
    const ends = await expectAllWholesome(lives);
    expect(Object.keys(ends).sort()).toEqual(['CANCELLED', 'REFUNDED']);
    expect(lives.filter(({ deaths }) => deaths === 1).length).toBeGreaterThan(troubles.length / 2);
  });

  const others: [string, Partial<Troubles>][] = [
    ['nothing else', {}],
    ['the first call is lost on its way there', { lost: { 0: 'there' } }],
    ['the first call is lost on its way back', { lost: { 0: 'back' } }],
    ['the second call is lost on its way there', { lost: { 1: 'there' } }],
    ['the second call is lost on its way back', { lost: { 1: 'back' } }],
    ['the third call is lost on its way back', { lost: { 2: 'back' } }],
    ['the card is declined', { paymentMethod: cards[1]! }],
    ['the card is declined three times', { paymentMethod: cards[2]! }],
    ['everything is delivered again, always', { repeats: upTo(2 * MOMENTS) }],
    ['a second worker takes every step, too', { twins: upTo(2 * MOMENTS) }],
  ];
  test('and one other trouble, each', async () => {
    const troubles = others.flatMap(([, other]) =>
      cancels.map((cancel) => ({ ...untroubled, ...other, cancel })),
    );
    await expectAllWholesome(await live(stage, troubles));
  });
});

test('any troubles at once, with and without a cancel', SLOW, async () => {
  const moment = fc.nat({ max: 2 * MOMENTS });
  const troubles: fc.Arbitrary<Troubles> = fc.record({
    paymentMethod: fc.constantFrom(...cards),
    cancel: fc.oneof(
      fc.nat({ max: MOMENTS }),
      fc.constantFrom('first' as const, 'never' as const, AFTER_ALL),
    ),
    deaths: fc.uniqueArray(moment, { maxLength: 3 }),
    repeats: fc.uniqueArray(moment, { maxLength: 3 }),
    twins: fc.uniqueArray(moment, { maxLength: 3 }),
    lost: fc.dictionary(
      fc.nat({ max: 5 }).map(String),
      fc.constantFrom('there' as const, 'back' as const),
      { maxKeys: 3 },
    ),
  });
  const shop = fc.array(troubles, { minLength: 40, maxLength: 40 });
  const property = fc.asyncProperty(shop, async (orders) => {
    await expectAllWholesome(await live(stage, orders));
    await stage.reset();
  });
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
});

test('in all of this no POST went out without a key of ours, and no key meant two requests', () =>
  expectKeyDiscipline(stage));
