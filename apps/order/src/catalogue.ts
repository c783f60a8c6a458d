/** What the shop sells to begin with. Prices are gross, in minor units of EUR. */
export interface CatalogueItem {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly unitPrice: bigint;
  /** Value added tax contained in the price. */
  readonly vatPermille: number;
  readonly pieces: number;
}

export const CURRENCY = 'EUR';

const STANDARD_VAT = 190;
const REDUCED_VAT = 70;

export const firstCatalogue: readonly CatalogueItem[] = [
  {
    sku: 'espresso-cup',
    name: 'Espresso cup',
    description: 'Thick porcelain, keeps the heat. There are enough for everybody.',
    unitPrice: 2_100n,
    vatPermille: STANDARD_VAT,
    pieces: 10_000_000,
  },
  {
    sku: 'limited-print',
    name: 'Limited print',
    description: 'Ten signed prints, and not one more.',
    unitPrice: 4_900n,
    vatPermille: REDUCED_VAT,
    pieces: 10,
  },
  {
    sku: 'coffee-beans',
    name: 'Coffee beans',
    description: 'One kilogram, roasted this week.',
    unitPrice: 2_450n,
    vatPermille: REDUCED_VAT,
    pieces: 100_000,
  },
  {
    sku: 'hand-mill',
    name: 'Hand mill',
    description: 'Steel burrs, beech handle.',
    unitPrice: 12_900n,
    vatPermille: STANDARD_VAT,
    pieces: 5_000,
  },
  {
    sku: 'milk-jug',
    name: 'Milk jug',
    description: 'Half a litre, for two cappuccinos.',
    unitPrice: 1_890n,
    vatPermille: STANDARD_VAT,
    pieces: 20_000,
  },
  {
    sku: 'recipe-book',
    name: 'Recipe book',
    description: 'Forty ways to make coffee.',
    unitPrice: 1_650n,
    vatPermille: REDUCED_VAT,
    pieces: 50_000,
  },
];
