import { describe, expect, it } from 'vitest';
import { addToCart, cartNews, MAX_QUANTITY, pieces, putBack, withQuantity } from './cart';

describe('the cart', () => {
  const one = addToCart([], 'espresso-cup');

  it('counts a product that is added again', () => {
    expect(addToCart(one, 'espresso-cup')).toEqual([{ sku: 'espresso-cup', quantity: 2 }]);
    expect(pieces(addToCart(one, 'tea-pot'))).toBe(2);
  });

  it('loses a line at zero and ignores what is no quantity', () => {
    expect(withQuantity(one, 'espresso-cup', 0)).toEqual([]);
    for (const nonsense of [-1, 1.5, Number.NaN, MAX_QUANTITY + 1]) {
      expect(withQuantity(one, 'espresso-cup', nonsense)).toEqual(one);
    }
  });

  it('takes lines back: one line a product, in the order of the first, up to the limit', () => {
    const more = [
      { sku: 'tea-pot', quantity: 3 },
      { sku: 'espresso-cup', quantity: MAX_QUANTITY },
    ];
    expect(putBack(one, more)).toEqual([
      { sku: 'espresso-cup', quantity: MAX_QUANTITY },
      { sku: 'tea-pot', quantity: 3 },
    ]);
  });

  it('is told of in pieces, or as empty', () => {
    expect(cartNews('Tea pot removed', one)).toBe('Tea pot removed. 1 in the cart.');
    expect(cartNews('Tea pot removed', [])).toBe('Tea pot removed. The cart is empty.');
  });
});
