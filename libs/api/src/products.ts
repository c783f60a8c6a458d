import { moneySchema } from '@checkout/money';
import { z } from 'zod';
import type { Operation } from './operation.js';

const productList = z
  .object({
    data: z.array(
      z
        .object({
          sku: z.string(),
          name: z.string(),
          description: z.string(),
          unitPrice: moneySchema,
          available: z.int().min(0).meta({
            description: 'As last heard from the warehouse: a hint for people, not a promise.',
          }),
        })
        .meta({ id: 'Product' }),
    ),
    nextCursor: z.null(),
  })
  .meta({ id: 'ProductList' });
export type ProductList = z.infer<typeof productList>;
export type Product = ProductList['data'][number];

export const productOperations: readonly Operation[] = [
  {
    id: 'listProducts',
    method: 'GET',
    path: '/api/products',
    summary: 'The catalogue',
    access: 'public',
    answers: { 200: { description: 'Every product.', schema: productList } },
    problems: [],
  },
];
