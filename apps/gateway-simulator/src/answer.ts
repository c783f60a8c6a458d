/**
 * What the gateway says to one request: the exact bytes, because a repeat must get the same ones.
 */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that was stored now, or the stored one again. */
export interface Settled {
  readonly answer: Answer;
  readonly replayed: boolean;
}

interface ErrorFields {
  readonly type: 'invalid_request_error' | 'idempotency_error' | 'card_error' | 'api_error';
  readonly message: string;
  readonly [field: string]: unknown;
}

export function success(body: object): Answer {
  return { status: 200, body: JSON.stringify(body) };
}

export function failure(status: number, error: ErrorFields, shouldRetry?: boolean): Answer {
  const body = JSON.stringify({ error });
  if (shouldRetry === undefined) return { status, body };
  return { status, body, headers: { 'stripe-should-retry': String(shouldRetry) } };
}

export const unauthenticated = failure(401, {
  type: 'invalid_request_error',
  message: 'Provide a test secret key as a bearer token: Authorization: Bearer sk_test_…',
});

/**
 * Rate limits run before the idempotency layer: nothing is stored, the same key may be used again.
 */
export const rateLimited = failure(
  429,
  { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' },
  true,
);

/** Stored like any other first answer, and replayed for as long as the key lives. */
export const internalError = failure(
  500,
  { type: 'api_error', message: 'An error occurred on our side (planned fault).' },
  false,
);

export const keyInUse = failure(
  409,
  {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: 'Another request with this idempotency key is being executed.',
  },
  true,
);

export function keyMisused(key: string, difference: 'endpoint' | 'parameters'): Answer {
  return failure(400, {
    type: 'idempotency_error',
    message: `The key ${key} was first used with other ${difference}; take another key.`,
  });
}

export function missing(what: string, id: string, param = 'intent'): Answer {
  return failure(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${what}: '${id}'`,
  });
}

export const MAX_KEY_LENGTH = 255;
export const keyTooLong = failure(400, {
  type: 'invalid_request_error',
  message: `An idempotency key has at most ${MAX_KEY_LENGTH} characters.`,
});

export function unknownUrl(method: string, path: string): Answer {
  const message = `Unrecognized request URL (${method}: ${path}).`;
  return failure(404, { type: 'invalid_request_error', message });
}

/** Not a stored answer: nothing was executed, or its database transaction was rolled back. */
export const unavailable = failure(
  503,
  { type: 'api_error', message: 'The gateway cannot answer right now.' },
  true,
);
