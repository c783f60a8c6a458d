import { createHash } from 'node:crypto';
import { moneySchema } from '@checkout/money';
import { z } from 'zod';

/** More of one thing than this is a mistake of the finger, or somebody who should phone. */
const MAX_QUANTITY = 100_000;
const MAX_LINES = 50;

export const placeOrder = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        sku: z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected a sku: a-z, 0-9 and -, at most 64'),
        quantity: z.int().min(1).max(MAX_QUANTITY),
      }),
    )
    .min(1)
    .max(MAX_LINES),
  paymentMethod: z
    .string()
    .regex(/^pm_[A-Za-z0-9_]{1,124}$/, 'expected the id of a payment method, such as pm_card_visa'),
  /** What the customer was shown; refused when the catalogue says otherwise. */
  expectedTotal: moneySchema.optional(),
});
export type PlaceOrder = z.infer<typeof placeOrder>;

/** The same request has the same hash, however its fields were ordered or spaced. */
export function requestHash({ lines, paymentMethod, expectedTotal }: PlaceOrder): string {
  const total = expectedTotal ? [expectedTotal.amount, expectedTotal.currency] : null;
  const canonical = [lines.map(({ sku, quantity }) => [sku, quantity]), paymentMethod, total];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** The answer to a placed order. */
export const placedOrder = z.object({
  id: z.uuid(),
  status: z.literal('placed'),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int(), unitPrice: moneySchema })),
  total: moneySchema,
});
export type PlacedOrder = z.infer<typeof placedOrder>;
