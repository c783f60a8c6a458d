import { moneySchema } from '@checkout/money';
import { z } from 'zod';
import type { Operation } from './operation.js';
import { problems } from './problems.js';
import { uuid } from './uuid.js';

/** More of one thing than this is a mistake of the finger, or somebody who should phone. */
const MAX_QUANTITY = 100_000;
/** The catalogue has six products; a shop with many would still print one page. */
const MAX_LINES = 50;
const LARGEST_PAGE = 100;
const USUAL_PAGE = 20;

export const placeOrder = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          sku: z
            .string()
            .regex(/^[a-z0-9-]{1,64}$/, 'expected a sku: a-z, 0-9 and -, at most 64')
            .meta({ examples: ['espresso-cup'] }),
          quantity: z
            .int()
            .min(1)
            .max(MAX_QUANTITY)
            .meta({ examples: [2] }),
        }),
      )
      .min(1)
      .max(MAX_LINES),
    paymentMethod: z
      .string()
      .regex(
        /^pm_[A-Za-z0-9_]{1,124}$/,
        'expected the id of a payment method, such as pm_card_visa',
      )
      .meta({ description: 'Never a card number.', examples: ['pm_card_visa'] }),
    /** What the customer was shown; refused when the catalogue says otherwise. */
    expectedTotal: moneySchema.optional(),
  })
  .meta({
    id: 'PlaceOrder',
    description:
      'Prices come from the catalogue. With expectedTotal the order is refused when they do ' +
      'not add up to what the customer was shown.',
  });
export type PlaceOrder = z.infer<typeof placeOrder>;

const pricedLine = z
  .object({ sku: z.string(), quantity: z.int().min(1), unitPrice: moneySchema })
  .meta({ id: 'OrderLine' });

/** The answer to a placed order: kept under its key, and the same bytes for every repeat. */
export const placedOrder = z
  .object({
    id: uuid,
    status: z.literal('placed'),
    lines: z.array(pricedLine),
    total: moneySchema,
  })
  .meta({ id: 'PlacedOrder' });
export type PlacedOrder = z.infer<typeof placedOrder>;

const orderStatus = z
  .enum([
    'placed',
    'approved',
    'rejected',
    'paid',
    'payment_failed',
    'cancelled',
    'booked',
    'refunded',
  ])
  .meta({
    id: 'OrderStatus',
    description:
      'placed becomes approved or rejected; approved becomes paid, payment_failed or ' +
      'cancelled; paid becomes booked; paid and booked become refunded. rejected, ' +
      'payment_failed, cancelled and refunded are final; booked is final but for a refund.',
  });

const orderStep = z.object({ status: orderStatus, at: z.iso.datetime() }).meta({
  id: 'OrderStep',
  description: 'at: when this very step happened, and never before the one that it follows.',
});

/** What a customer sees of an order. */
export const orderView = z
  .object({
    id: uuid,
    status: orderStatus,
    version: z.int().min(1).meta({ description: 'Rises by one with each change of the status.' }),
    customerId: uuid,
    lines: z.array(pricedLine),
    total: moneySchema,
    placedAt: z.iso.datetime(),
    history: z
      .array(orderStep)
      .meta({ description: 'Every status up to this version, oldest first.' }),
    reason: z.string().meta({ description: 'Why it was not to be, in plain words.' }).optional(),
    cancelRequested: z
      .literal(true)
      .meta({ description: 'You have asked to cancel; the status says what becomes of it.' })
      .optional(),
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof orderView>;

/** The path says it all. */
export const cancelOrder = z.strictObject({}).meta({ id: 'CancelOrder' });
export type CancelOrder = z.infer<typeof cancelOrder>;

const orderPage = z
  .object({
    data: z.array(orderView),
    nextCursor: uuid.nullable().meta({ description: 'null on the last page.' }),
  })
  .meta({ id: 'OrderPage' });
export type OrderPage = z.infer<typeof orderPage>;

const wholeNumber = `expected a whole number from 1 to ${LARGEST_PAGE}`;

export const pageQuery = z.strictObject({
  limit: z
    .codec(
      z.string().regex(/^[1-9]\d{0,2}$/, wholeNumber),
      z.int().min(1).max(LARGEST_PAGE, wholeNumber),
      { decode: Number, encode: String },
    )
    .default(USUAL_PAGE),
  cursor: z.uuid('expected the nextCursor of the page before').optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/)
  .meta({
    description:
      'Your name for this wish, the same whenever you repeat it: a UUID, for example. It ' +
      'belongs to you and this route and is kept for 72 hours; after that it would be a new ' +
      'wish.',
    examples: ['8f14e45f-ceea-467f-9a35-5a1b1e4b4d10'],
  });

const keyHeader = z.object({ 'Idempotency-Key': idempotencyKey });
export const orderPath = z.object({ id: uuid });

const keyed = {
  'Idempotent-Replayed': z
    .literal('true')
    .meta({ description: 'Present when this is the answer that was given before, byte for byte.' })
    .optional(),
};

export const orderOperations: readonly Operation[] = [
  {
    id: 'placeOrder',
    method: 'POST',
    path: '/api/orders',
    summary: 'Place an order',
    description:
      'One key makes one order at most, however often and wherever the request is repeated; a' +
      ' repeat gets the first answer again. The same request is the same JSON value: the ' +
      'order of its fields and white space do not matter. Refusals are not kept: the same key' +
      ' may ask again.',
    access: 'customer',
    parameters: { header: keyHeader },
    body: placeOrder,
    answers: {
      201: {
        description: 'The order is accepted and durable. Whether it is approved, it will tell.',
        schema: placedOrder,
        headers: keyed,
      },
    },
    problems: [
      problems.cardNumber,
      problems.idempotencyKeyMissing,
      problems.stillRunning,
      problems.priceChanged,
      problems.idempotencyKeyReused,
      problems.unknownProduct,
      problems.repeatedProduct,
      problems.mixedCurrencies,
      problems.totalTooSmall,
      problems.totalTooLarge,
      problems.tooManyRequests,
      problems.overloaded,
    ],
  },
  {
    id: 'listOrders',
    method: 'GET',
    path: '/api/orders',
    summary: 'Your orders, newest first',
    description: 'The query has these fields and no others, each once.',
    access: 'customer',
    parameters: { query: pageQuery },
    answers: { 200: { description: 'A page of them.', schema: orderPage } },
    problems: [problems.invalidRequest],
  },
  {
    id: 'getOrder',
    method: 'GET',
    path: '/api/orders/{id}',
    summary: 'One of your orders',
    access: 'customer',
    parameters: { path: orderPath },
    answers: { 200: { description: 'The order as it stands.', schema: orderView } },
    problems: [problems.notFound],
  },
  {
    id: 'cancelOrder',
    method: 'POST',
    path: '/api/orders/{id}/cancel',
    summary: 'Ask for one of your orders to be cancelled',
    description:
      'A request, and not a decision: nothing is charged any more, or the money is returned, ' +
      'and the status says which. Asking twice is asking once.',
    access: 'customer',
    parameters: { path: orderPath, header: keyHeader },
    body: cancelOrder.optional(),
    answers: {
      202: {
        description: 'The order with `cancelRequested`.',
        schema: orderView,
        headers: keyed,
      },
    },
    problems: [
      problems.idempotencyKeyMissing,
      problems.notFound,
      problems.stillRunning,
      problems.alreadyFinal,
      problems.idempotencyKeyReused,
    ],
  },
  {
    id: 'followOrders',
    method: 'GET',
    path: '/api/events',
    summary: 'What happens to your orders, as it happens',
    description:
      'Server-sent events: `event: order`, `data:` an Order as it stood after the change, ' +
      '`id:` the place to go on from. A wish to cancel is told, too, although the version stays ' +
      'what it is. A new reader is told the recent past first; one that ' +
      'sends Last-Event-ID, as browsers do by themselves, is told what it missed, each change' +
      ' once. Who is told later is told the same, without a wish that came after the change; ' +
      'only the time of a step that a later one had implied may be known better by then.',
    access: 'customer',
    parameters: { header: z.object({ 'Last-Event-ID': z.string().optional() }) },
    answers: {
      200: {
        description: 'The stream. It ends after a quarter of an hour; open it again.',
        schema: z.string(),
        mediaType: 'text/event-stream',
      },
    },
    problems: [],
  },
];
