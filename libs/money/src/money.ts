import { z } from 'zod';

/**
 * An amount of money: integer minor units as a decimal string, and an ISO 4217 currency code.
 *
 * A string, because JSON numbers lose integers above 2^53; minor units, because 0.1 + 0.2 is not
 * 0.3. Never negative: a direction (debit or credit, charge or refund) is said by a field of its
 * own.
 */
export const moneySchema = z
  .strictObject({
    amount: z
      .string()
      .regex(/^(0|[1-9][0-9]{0,14})$/, 'expected integer minor units as a decimal string')
      .meta({ description: 'Integer minor units', examples: ['4200'] }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 currency code')
      .meta({ examples: ['EUR'] }),
  })
  .meta({ id: 'Money' });
export type Money = z.infer<typeof moneySchema>;

/**
 * Largest representable amount: 15 digits, so that sums of millions of them still fit a bigint
 * column.
 */
export const MAX_MINOR_UNITS = 999_999_999_999_999n;

/**
 * Makes a value; throws RangeError when the amount is negative or above {@link MAX_MINOR_UNITS}.
 */
export function money(minorUnits: bigint, currency: string): Money {
  if (minorUnits < 0n || minorUnits > MAX_MINOR_UNITS) {
    throw new RangeError(`${minorUnits} minor units are outside 0..${MAX_MINOR_UNITS}`);
  }
  return { amount: minorUnits.toString(), currency };
}

export function minorUnits(value: Money): bigint {
  return BigInt(value.amount);
}

/** Throws RangeError when the currencies differ: there is no exchange rate in a sum. */
export function add(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return money(minorUnits(left) + minorUnits(right), left.currency);
}

/** Throws RangeError when the result would be negative or the currencies differ. */
export function subtract(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return money(minorUnits(left) - minorUnits(right), left.currency);
}

export function times(value: Money, quantity: number): Money {
  return money(minorUnits(value) * BigInt(quantity), value.currency);
}

/**
 * The part of an inclusive amount that is tax at a rate in permille, rounded half up:
 * tax = amount × rate / (1000 + rate).
 */
export function includedTax(value: Money, ratePermille: number): Money {
  const rate = BigInt(ratePermille);
  const divisor = 1000n + rate;
  return money((minorUnits(value) * rate * 2n + divisor) / (divisor * 2n), value.currency);
}

function assertSameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) {
    throw new RangeError(`cannot combine ${left.currency} with ${right.currency}`);
  }
}
