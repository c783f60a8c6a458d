/** What is sold, in the order of its popularity. */
export interface Shop {
  readonly name: string;
  readonly products: readonly string[];
}

/** As many pieces as our shop has of each, so many it expects to sell. */
const OURS: Shop = {
  name: 'six products',
  products: [
    ...['espresso-cup', 'coffee-beans', 'milk-jug', 'hand-mill', 'recipe-book', 'limited-print'],
  ],
};

const LARGE: Shop = {
  name: '1,000 products',
  products: Array.from({ length: 1_000 }, (_, n) => `product-${n + 1}`),
};

export const SHOPS: readonly Shop[] = [OURS, LARGE];
/** How much more often the first is wanted than the k-th: k to this. */
export const EXPONENT = 1.1;
