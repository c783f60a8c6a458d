import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  includedTax,
  MAX_MINOR_UNITS,
  minorUnits,
  money,
  moneySchema,
  subtract,
  times,
} from './money.js';

const units = fc.bigInt({ min: 0n, max: MAX_MINOR_UNITS });
const half = fc.bigInt({ min: 0n, max: MAX_MINOR_UNITS / 2n });
const eur = (amount: bigint) => money(amount, 'EUR');

describe('money', () => {
  test('is the amount it was made of, and survives JSON', () => {
    fc.assert(
      fc.property(units, (amount) => {
        const value = moneySchema.parse(JSON.parse(JSON.stringify(eur(amount))));
        expect(minorUnits(value)).toBe(amount);
      }),
    );
  });

  test.each([-1n, MAX_MINOR_UNITS + 1n])('%d minor units cannot be made', (amount) => {
    expect(() => eur(amount)).toThrow(RangeError);
  });

  test.each([
    [{ amount: 4200, currency: 'EUR' }, 'a number'],
    [{ amount: '42.00', currency: 'EUR' }, 'a fraction'],
    [{ amount: '-1', currency: 'EUR' }, 'a negative amount'],
    [{ amount: '007', currency: 'EUR' }, 'leading zeros: two spellings of one amount'],
    [{ amount: '1e3', currency: 'EUR' }, 'an exponent'],
    [{ amount: '', currency: 'EUR' }, 'nothing'],
    [{ amount: '1000000000000000', currency: 'EUR' }, 'more than 15 digits'],
    [{ amount: '1', currency: 'eur' }, 'a currency in lower case'],
    [{ amount: '1', currency: 'EURO' }, 'a currency of four letters'],
    [{ amount: '1' }, 'no currency'],
    [{ amount: '1', currency: 'EUR', unit: 'cent' }, 'an unknown field'],
  ])('%j is refused: %s', (value, _why) => {
    expect(moneySchema.safeParse(value).success).toBe(false);
  });
});

describe('sums', () => {
  test('do not depend on the order of their parts', () => {
    fc.assert(
      fc.property(half, half, (a, b) => {
        expect(add(eur(a), eur(b))).toEqual(add(eur(b), eur(a)));
        expect(minorUnits(add(eur(a), eur(b)))).toBe(a + b);
      }),
    );
  });

  test('can be taken apart again', () => {
    fc.assert(
      fc.property(half, half, (a, b) => {
        expect(subtract(add(eur(a), eur(b)), eur(b))).toEqual(eur(a));
      }),
    );
  });

  test('a quantity is a repeated sum', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 1_000_000n }),
        fc.integer({ min: 0, max: 40 }),
        (price, quantity) => {
          const sum = Array.from({ length: quantity }).reduce<ReturnType<typeof eur>>(
            (total) => add(total, eur(price)),
            eur(0n),
          );
          expect(times(eur(price), quantity)).toEqual(sum);
        },
      ),
    );
  });

  test.each([
    ['two currencies', () => add(eur(1n), money(1n, 'SEK'))],
    ['two currencies in a difference', () => subtract(eur(1n), money(1n, 'SEK'))],
    ['more than can be written', () => add(eur(MAX_MINOR_UNITS), eur(1n))],
    ['less than nothing', () => subtract(eur(1n), eur(2n))],
    ['half a piece', () => times(eur(1n), 0.5)],
    ['minus one piece', () => times(eur(1n), -1)],
  ])('of %s throw', (_, sum) => {
    expect(sum).toThrow(RangeError);
  });
});

describe('the tax contained in an amount', () => {
  test('is the exact share, rounded half up', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 1_000 }), (amount, rate) => {
        const tax = minorUnits(includedTax(eur(amount), rate));
        const divisor = 1000n + BigInt(rate);
        // share − 1/2 < tax ≤ share + 1/2, in whole numbers
        const twiceShare = 2n * amount * BigInt(rate);
        expect(2n * tax * divisor).toBeGreaterThan(twiceShare - divisor);
        expect(2n * tax * divisor).toBeLessThanOrEqual(twiceShare + divisor);
        expect(tax).toBeLessThanOrEqual(amount);
      }),
    );
  });

  test.each([
    [11_900n, 190, 1_900n],
    [100n, 190, 16n],
    [3n, 1_000, 2n],
    [1n, 1_000, 1n],
    [4_200n, 0, 0n],
  ])('of %d at %d permille is %d', (amount, rate, tax) => {
    expect(includedTax(eur(amount), rate)).toEqual(eur(tax));
  });
});
