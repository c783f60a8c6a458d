import { z } from 'zod';
import { metadata, page, wholeNumber } from '../parse.js';
import { isKnown } from './test-cards.js';

/**
 * What each endpoint takes. Anything else is refused, as Stripe refuses it, before anything is
 * executed or stored.
 */
export const MAX_AMOUNT = 99_999_999;
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const expand = z
  .array(z.enum(['latest_charge', 'latest_charge.balance_transaction']))
  .default([])
  .transform((paths) => new Set<string>(paths));
const listExpand = z
  .array(z.enum(['data.latest_charge', 'data.latest_charge.balance_transaction']))
  .default([])
  .transform((paths) => new Set(paths.map((path) => path.slice('data.'.length))));
const paymentMethod = z.string().refine(isKnown, {
  error: (issue) => `No such PaymentMethod: '${String(issue.input)}'`,
  params: { code: 'resource_missing' },
});

export const createParameters = z.strictObject({
  amount: wholeNumber(1, MAX_AMOUNT),
  currency: z
    .string()
    .regex(/^[a-zA-Z]{3}$/)
    .transform((code) => code.toLowerCase()),
  payment_method: paymentMethod.optional(),
  payment_method_types: z.array(z.literal('card')).optional(),
  capture_method: z.enum(['automatic', 'automatic_async']).optional(),
  metadata: metadata.default({}),
  description: z.string().max(1000).optional(),
  expand,
});
export const confirmParameters = z.strictObject({
  payment_method: paymentMethod.optional(),
  error_on_requires_action: flag.default(false),
  expand,
});
export const cancelParameters = z.strictObject({
  cancellation_reason: z
    .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
    .optional(),
  expand,
});
export const retrieveParameters = z.strictObject({ expand });
const unixSeconds = wholeNumber(0, 9_999_999_999);
export const listParameters = z.strictObject({
  created: z
    .strictObject({ gt: unixSeconds, gte: unixSeconds, lt: unixSeconds, lte: unixSeconds })
    .partial()
    .default({}),
  ...page,
  expand: listExpand,
});

/** `metadata['order_id']:'…'` is all of the query language that is simulated. */
const METADATA_QUERY = /^metadata\[(['"])([^'"]{1,40})\1\]:(['"])([^'"]{1,500})\3$/;
export const searchParameters = z.strictObject({
  query: z
    .string()
    .regex(METADATA_QUERY, "expected metadata['key']:'value'")
    .transform((query) => {
      const [, , key = '', , value = ''] = METADATA_QUERY.exec(query) ?? [];
      return { key, value };
    }),
  limit: page.limit,
  page: z.string().optional(),
  expand: listExpand,
});

export type CreateParameters = z.infer<typeof createParameters>;
export type ConfirmParameters = z.infer<typeof confirmParameters>;
export type CancelParameters = z.infer<typeof cancelParameters>;
export type ListParameters = z.infer<typeof listParameters>;
export type SearchParameters = z.infer<typeof searchParameters>;
