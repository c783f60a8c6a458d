import { z } from 'zod';
import { type Answer, failure } from '../answer.js';
import { type FlatForm, shapeOf } from './form.js';
import { isKnown } from './test-cards.js';

/**
 * What each endpoint takes. Anything else is refused, as Stripe refuses it, before anything is
 * executed or stored.
 */
const MAX_AMOUNT = 99_999_999;
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'expected a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `expected a number from ${min} to ${max}`);
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
const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50, 'expected at most 50 entries');

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
  limit: wholeNumber(1, 100).default(10),
  starting_after: z.string().optional(),
  expand: listExpand,
});

export type CreateParameters = z.infer<typeof createParameters>;
export type ConfirmParameters = z.infer<typeof confirmParameters>;
export type CancelParameters = z.infer<typeof cancelParameters>;
export type ListParameters = z.infer<typeof listParameters>;

export type Parsed<T> = { readonly parameters: T } | { readonly refusal: Answer };

export function parse<S extends z.ZodType>(schema: S, form: FlatForm): Parsed<z.infer<S>> {
  const parsed = schema.safeParse(shapeOf(form), { reportInput: true });
  const [issue] = parsed.error?.issues ?? [];
  return issue ? { refusal: refusalOf(issue) } : { parameters: parsed.data as z.infer<S> };
}

function refusalOf(issue: z.core.$ZodIssue): Answer {
  const type = 'invalid_request_error';
  if (issue.code === 'unrecognized_keys') {
    const param = issue.keys[0] ?? '';
    const message = `Received unknown parameter: ${param}`;
    return failure(400, { type, code: 'parameter_unknown', param, message });
  }
  const [root, ...rest] = issue.path.map(String);
  const param = [root, ...rest.map((part) => `[${part}]`)].join('');
  if (issue.code !== 'custom' && issue.input === undefined) {
    const message = `Missing required param: ${param}.`;
    return failure(400, { type, code: 'parameter_missing', param, message });
  }
  const known =
    issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined;
  const code = known ?? 'parameter_invalid';
  return failure(400, { type, code, param, message: issue.message });
}
