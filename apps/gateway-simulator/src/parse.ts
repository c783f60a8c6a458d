import { z } from 'zod';
import { type Answer, failure } from './answer.js';
import { type FlatForm, shapeOf } from './form.js';

/**
 * Parameters are checked before anything executes; what is wrong is said in the words and codes in
 * which the Stripe API says it.
 */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'expected a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `expected a number from ${min} to ${max}`);
export const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50, 'expected at most 50 entries');

/** How every list is paged. */
export const page = {
  limit: wholeNumber(1, 100).default(10),
  starting_after: z.string().optional(),
};

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
