import { z } from 'zod';
import { metadata, page, wholeNumber } from '../parse.js';
import { MAX_AMOUNT } from '../payment-intents/parameters.js';

/** What each endpoint takes; a charge may be named by itself or by its PaymentIntent. */
export const refundParameters = z
  .strictObject({
    payment_intent: z.string().optional(),
    charge: z.string().optional(),
    amount: wholeNumber(1, MAX_AMOUNT).optional(),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
    metadata: metadata.default({}),
  })
  .refine(({ payment_intent, charge }) => payment_intent !== undefined || charge !== undefined, {
    path: ['payment_intent'],
    message: 'Provide one of payment_intent and charge.',
    params: { code: 'parameter_missing' },
  });
export const retrieveRefundParameters = z.strictObject({});
export const listRefundsParameters = z.strictObject({
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
  ...page,
});

export type RefundParameters = z.infer<typeof refundParameters>;
export type ListRefundsParameters = z.infer<typeof listRefundsParameters>;
