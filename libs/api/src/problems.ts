/**
 * Every way in which the API says no. A client switches over `type`; people read `title` and what
 * is said of the one occurrence in `detail`.
 *
 * Guarantee: what is not in this list is not sent, and the document says at each operation which of
 * them may come. The names are kept: a new reason gets a new name.
 */
export interface ProblemKind {
  /** Last part of the problem's `type`, `/problems/<type>`. */
  readonly type: string;
  readonly status: number;
  readonly title: string;
  /** What it means for the request, and what to do next. */
  readonly meaning: string;
  /** Ends by itself: the answer says in Retry-After when to come again. */
  readonly passes?: true;
}

const REPEAT = 'Repeat the request with the same Idempotency-Key: it has one effect at most.';

export const problems = {
  malformedRequest: {
    type: 'malformed-request',
    status: 400,
    title: 'The request cannot be read',
    meaning:
      'The body is not JSON in UTF-8, names a field twice, or is nested too deeply; a header of ' +
      'which there can be one is there twice, or the cookie of the session is, or Host is ' +
      'missing; its transfer coding is another than chunked; or the request is not HTTP.',
  },
  invalidRequest: {
    type: 'invalid-request',
    status: 400,
    title: 'The request does not have the right shape',
    meaning:
      'Every fault is listed in `errors`. Unknown fields are faults. Mend and send it again.',
  },
  cardNumber: {
    type: 'card-number',
    status: 400,
    title: 'The request holds what looks like a card number',
    meaning:
      '`detail` says where it stands. Nothing of it was stored or logged. Send the id of a ' +
      'payment method, such as pm_card_visa, and draw keys, such as UUIDs.',
  },
  idempotencyKeyMissing: {
    type: 'idempotency-key-missing',
    status: 400,
    title: 'An Idempotency-Key header is needed',
    meaning: 'Send 1 to 255 printable ASCII characters, the same ones whenever you repeat it.',
  },
  notInDemoMode: {
    type: 'not-in-demo-mode',
    status: 400,
    title: 'A session cannot be opened for a customer of your choice',
    meaning: 'Outside the demo the shop names the customer: leave customerId out.',
  },
  webhookRefused: {
    type: 'webhook-refused',
    status: 400,
    title: 'The event is not accepted',
    meaning:
      'Its signature is not that of the gateway, or it is not for this shop; `detail` says why. ' +
      'Nothing of it was stored.',
  },
  unauthenticated: {
    type: 'unauthenticated',
    status: 401,
    title: 'A valid token is needed',
    meaning: 'There is no token, or one that this shop did not sign. Open a session.',
  },
  sessionExpired: {
    type: 'session-expired',
    status: 401,
    title: 'The session has expired',
    meaning:
      'The token was good and has run out. Open a session for the same customer and repeat ' +
      'the request with the same Idempotency-Key.',
  },
  auditNotAllowed: {
    type: 'audit-not-allowed',
    status: 403,
    title: 'An audit cannot be run from here',
    meaning:
      'An audit reads everything there is, so outside the demo only who runs the shop starts one ' +
      '(npm run audit). The last verdict can be read.',
  },
  notFound: {
    type: 'not-found',
    status: 404,
    title: 'There is nothing here',
    meaning: 'Nothing has this address, or it is not yours: the answer does not tell which.',
  },
  requestTimeout: {
    type: 'request-timeout',
    status: 408,
    title: 'The request took too long to arrive',
    meaning: `It was not read to its end, so nothing happened. ${REPEAT}`,
  },
  stillRunning: {
    type: 'still-running',
    status: 409,
    title: 'A request with this Idempotency-Key is still running',
    meaning: 'Repeat it after the seconds in Retry-After to get its answer.',
    passes: true,
  },
  priceChanged: {
    type: 'price-changed',
    status: 409,
    title: 'The price is not the one you were shown',
    meaning: 'Nothing was ordered. Show the new price, then order with the new expectedTotal.',
  },
  alreadyFinal: {
    type: 'already-final',
    status: 409,
    title: 'There is nothing left to cancel',
    meaning: 'The order was rejected, not paid, cancelled or refunded before; `detail` says which.',
  },
  tooLarge: {
    type: 'too-large',
    status: 413,
    title: 'The request is too large',
    meaning: 'A body has at most 64 KiB; the largest order has 4.',
  },
  unsupportedMediaType: {
    type: 'unsupported-media-type',
    status: 415,
    title: 'The content type is not supported',
    meaning: 'Send application/json in UTF-8, and not compressed.',
  },
  expectationFailed: {
    type: 'expectation-failed',
    status: 417,
    title: 'The request expects something that is not done here',
    meaning: 'The only expectation that is met is 100-continue. Leave the header Expect out.',
  },
  idempotencyKeyReused: {
    type: 'idempotency-key-reused',
    status: 422,
    title: 'This Idempotency-Key was used with another request',
    meaning: 'Repeat the first request to get its answer, or use a new key for a new one.',
  },
  unknownProduct: {
    type: 'unknown-product',
    status: 422,
    title: 'The order names a product that is not in the catalogue',
    meaning: '`detail` names it. Nothing was ordered.',
  },
  repeatedProduct: {
    type: 'repeated-product',
    status: 422,
    title: 'The order names a product twice',
    meaning: 'Put the whole quantity into one line.',
  },
  mixedCurrencies: {
    type: 'mixed-currencies',
    status: 422,
    title: 'The order has products of more than one currency',
    meaning: 'An order is one charge, in one currency. Nothing was ordered: order them apart.',
  },
  totalTooSmall: {
    type: 'total-too-small',
    status: 422,
    title: 'The total is less than can be charged',
    meaning: 'A card is charged 50 minor units at least. Nothing was ordered.',
  },
  totalTooLarge: {
    type: 'total-too-large',
    status: 422,
    title: 'The total is more than can be charged at once',
    meaning: 'A card is charged 99,999,999 minor units at most.',
  },
  tooManyRequests: {
    type: 'too-many-requests',
    status: 429,
    title: 'Too many requests',
    meaning: 'Wait for the seconds in Retry-After, then repeat it.',
    passes: true,
  },
  headersTooLarge: {
    type: 'headers-too-large',
    status: 431,
    title: 'The headers of the request are too large',
    meaning: 'They have 16 KiB at most.',
  },
  internal: {
    type: 'internal',
    status: 500,
    title: 'Something went wrong on our side',
    meaning: REPEAT,
  },
  noAnswer: {
    type: 'no-answer',
    status: 502,
    title: 'The service behind this address broke off',
    meaning: `It may have done what was asked. ${REPEAT}`,
    passes: true,
  },
  unavailable: {
    type: 'unavailable',
    status: 503,
    title: 'The service is not available right now',
    meaning: `It may have been lost in the middle. ${REPEAT} Wait for the seconds in Retry-After.`,
    passes: true,
  },
  noJudge: {
    type: 'no-judge',
    status: 503,
    title: 'There is no judge here',
    meaning:
      'The console was not told where the evidence lies: databases, Kafka and the gateway. The ' +
      'shop works without it.',
  },
  overloaded: {
    type: 'overloaded',
    status: 503,
    title: 'Too many orders are being placed at this moment',
    meaning: 'Nothing was ordered. Repeat it after the seconds in Retry-After.',
    passes: true,
  },
  lateAnswer: {
    type: 'late-answer',
    status: 504,
    title: 'The service behind this address did not answer in time',
    meaning: `It may have done what was asked. ${REPEAT}`,
    passes: true,
  },
} as const satisfies Record<string, ProblemKind>;
