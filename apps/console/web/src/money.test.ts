import type { Product } from '@checkout/api';
import { describe, expect, it } from 'vitest';
import { cartTotal, formatMoney, lineTotal } from './money';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const product = (sku: string, amount: string): Product => ({
  sku,
  name: sku,
  description: '',
  unitPrice: eur(amount),
  available: 1,
});

describe('money', () => {
  it.each([
    ['0', 'EUR', '€0.00'],
    ['5', 'EUR', '€0.05'],
    ['4200', 'EUR', '€42.00'],
    ['999999999999999', 'EUR', '€9,999,999,999,999.99'],
    ['1234567890123456789', 'EUR', '€12,345,678,901,234,567.89'],
    ['4200', 'JPY', '¥4,200'],
    ['4200', 'KWD', 'KWD 4.200'],
  ])('%s minor units of %s are %s', (amount, currency, shown) => {
    expect(formatMoney({ amount, currency }, 'en').replace(/\u00a0/g, ' ')).toBe(shown);
  });

  it('is multiplied and added without losing a unit', () => {
    expect(lineTotal(eur('9007199254740993'), 3)).toEqual(eur('27021597764222979'));
    const cart = [
      { sku: 'a', quantity: 2 },
      { sku: 'b', quantity: 1 },
    ];
    expect(cartTotal(cart, [product('a', '2100'), product('b', '1')])).toEqual(eur('4201'));
  });

  it('has no total while a product is unknown', () => {
    expect(cartTotal([{ sku: 'a', quantity: 1 }], [])).toBeUndefined();
    expect(cartTotal([], [])).toBeUndefined();
  });
});
