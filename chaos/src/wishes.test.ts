import { describe, expect, it } from 'vitest';
import { Random } from './random.js';
import { wishes, type Wish } from './wishes.js';

const CUSTOMERS = 1_000;
const of = (seed: number, count: number): Wish[] => {
  const next = wishes(new Random(seed, 'wishes'), CUSTOMERS);
  return Array.from({ length: count }, (_, n) => next(n));
};

describe('what customers want', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(of(1, 200)).toEqual(of(1, 200));
    expect(of(1, 200)).not.toEqual(of(2, 200));
  });

  it('has keys that are nobody else’s', () => {
    const all = of(3, 2_000);
    expect(new Set(all.flatMap(({ key, cancelKey }) => [key, cancelKey])).size).toBe(4_000);
  });

  it('has every outcome, every manner, changes of mind, and onlookers', () => {
    const all = of(3, 2_000);
    const cards = new Set(all.map(({ order }) => order.paymentMethod));
    expect([...cards].sort()).toEqual([
      'pm_card_chargeDeclinedProcessingError',
      'pm_card_visa',
      'pm_card_visa_answerLost',
      'pm_card_visa_chargeDeclined',
      'pm_card_visa_chargeDeclinedInsufficientFunds',
      'pm_card_visa_slow',
    ]);
    const manners = new Set(all.map(({ manner }) => manner));
    expect([...manners].sort()).toEqual(['leaves', 'patient', 'races', 'repeats']);
    const skus = new Set(all.flatMap(({ order }) => order.lines.map(({ sku }) => sku)));
    expect([...skus]).toEqual(expect.arrayContaining(['limited-print', 'no-such-thing']));
    const cancelled = all.filter(({ cancelAfterMs }) => cancelAfterMs !== undefined).length;
    expect(cancelled / all.length).toBeGreaterThan(0.05);
    expect(cancelled / all.length).toBeLessThan(0.15);
  });

  it('takes turns among a thousand customers, so that nobody looks like a fraud', () => {
    const turns = new Map<number, number>();
    for (const { customer } of of(3, 10_000)) turns.set(customer, (turns.get(customer) ?? 0) + 1);
    expect(turns.size).toBe(CUSTOMERS);
    expect(new Set(turns.values())).toEqual(new Set([10]));
  });
});
