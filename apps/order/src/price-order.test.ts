import type { PlaceOrder } from '@checkout/api';
import { describe, expect, test } from 'vitest';
import { priceOrder } from './price-order.js';

const catalogue = [
  { sku: 'espresso-cup', unitPrice: '2100', currency: 'EUR', vatPermille: 190 },
  { sku: 'recipe-book', unitPrice: '1650', currency: 'EUR', vatPermille: 70 },
];
const request = (change: Partial<PlaceOrder>): PlaceOrder => ({
  lines: [{ sku: 'espresso-cup', quantity: 2 }],
  paymentMethod: 'pm_card_visa',
  ...change,
});
const euro = (amount: string) => ({ amount, currency: 'EUR' });

describe('pricing', () => {
  test('adds up the lines, and the tax in each at its own rate', () => {
    const lines = [
      { sku: 'espresso-cup', quantity: 2 },
      { sku: 'recipe-book', quantity: 3 },
    ];
    expect(priceOrder(request({ lines }), catalogue)).toEqual({
      kind: 'priced',
      lines: [
        {
          lineNumber: 1,
          sku: 'espresso-cup',
          quantity: 2,
          unitPrice: euro('2100'),
          vatPermille: 190,
        },
        {
          lineNumber: 2,
          sku: 'recipe-book',
          quantity: 3,
          unitPrice: euro('1650'),
          vatPermille: 70,
        },
      ],
      total: euro('9150'),
      // 4200 × 190 / 1190 = 670.6 and 4950 × 70 / 1070 = 323.8
      tax: euro('995'),
    });
  });

  test('accepts the total that the customer was shown', () => {
    expect(priceOrder(request({ expectedTotal: euro('4200') }), catalogue).kind).toBe('priced');
  });

  test.each([
    ['another amount', euro('4100')],
    ['another currency', { amount: '4200', currency: 'USD' }],
  ])('refuses %s with the price of now', (_name, expectedTotal) => {
    expect(priceOrder(request({ expectedTotal }), catalogue)).toEqual({
      kind: 'price-changed',
      total: euro('4200'),
    });
  });

  test('refuses products that are not in the catalogue, and names them', () => {
    const lines = [
      { sku: 'espresso-cup', quantity: 1 },
      { sku: 'tea-pot', quantity: 1 },
    ];
    expect(priceOrder(request({ lines }), catalogue)).toEqual({
      kind: 'unknown-product',
      skus: ['tea-pot'],
    });
  });

  test('refuses a product in two lines', () => {
    const line = { sku: 'espresso-cup', quantity: 1 };
    expect(priceOrder(request({ lines: [line, line] }), catalogue).kind).toBe('repeated-product');
  });

  test('refuses products of two currencies: there is no sum', () => {
    const kronor = { sku: 'svensk-kopp', unitPrice: '21000', currency: 'SEK', vatPermille: 250 };
    const lines = [
      { sku: 'espresso-cup', quantity: 1 },
      { sku: 'svensk-kopp', quantity: 1 },
    ];
    expect(priceOrder(request({ lines }), [...catalogue, kronor])).toEqual({
      kind: 'mixed-currencies',
      currencies: ['EUR', 'SEK'],
    });
  });

  test.each([
    [1, 'total-too-small'],
    [2, 'priced'],
  ])('%i napkins of 25 cents are %s: the gateway takes 50 cents at least', (quantity, kind) => {
    const napkin = { sku: 'napkin', unitPrice: '25', currency: 'EUR', vatPermille: 190 };
    const lines = [{ sku: 'napkin', quantity }];
    expect(priceOrder(request({ lines }), [napkin]).kind).toBe(kind);
  });

  test.each([
    [47_619, 'priced'],
    [47_620, 'total-too-large'],
  ])('%i cups are %s: the gateway takes eight digits', (quantity, kind) => {
    const lines = [{ sku: 'espresso-cup', quantity }];
    expect(priceOrder(request({ lines }), catalogue).kind).toBe(kind);
  });
});
