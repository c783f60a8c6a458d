import { webhookEvent } from '@checkout/api';
import { BugError } from '@checkout/eos';
import type { Money } from '@checkout/money';
import { Stripe } from 'stripe';
import type { FrozenRequest, GatewayRequest } from '../frozen-request.js';
import type { Answer, Failure, Intent, Refund } from './answer.js';
import { StripeHttp } from './stripe-http.js';

/**
 * The Stripe API as this service uses it: send a frozen request, look at an intent, list intents by
 * creation time, list an intent's refunds.
 *
 * Guarantee: whatever the SDK returns or throws becomes an {@link Answer}, and an answer is
 * definite only when the gateway said so. In doubt it is `unclear`: taking a lost answer for a
 * failure is how customers are charged twice.
 */
export interface GatewayOptions {
  readonly secretKey: string;
  /** Any Stripe-compatible server; Stripe itself when absent. */
  readonly apiBase?: string | undefined;
  readonly timeoutMs: number;
}

export interface Gateway {
  send(frozen: FrozenRequest, request: GatewayRequest): Promise<Answer>;
  look(intentId: string): Promise<Answer>;
  /**
   * Every intent that carries the order's id, oldest first; null when the list could not be read to
   * its end.
   */
  listByOrder(orderId: string, created: { from: number; to: number }): Promise<Intent[] | null>;
  /** Every refund of the intent, oldest first; null as above. */
  listRefunds(intentId: string): Promise<Refund[] | null>;
  close(): void;
}

/**
 * The version that the SDK's types describe, and that events come in; pinned, because a repeat must
 * be what the first call was.
 */
const API_VERSION = webhookEvent.shape.api_version.value;
const EXPAND = ['latest_charge.balance_transaction'];
const PAGE = 100;
const { errors } = Stripe;

export class StripeGateway implements Gateway {
  readonly #http = new StripeHttp();
  readonly #stripe: Stripe;

  constructor(options: GatewayOptions) {
    this.#stripe = new Stripe(options.secretKey, {
      ...(options.apiBase ? addressOf(options.apiBase) : {}),
      apiVersion: API_VERSION,
      httpClient: this.#http,
      maxNetworkRetries: 0,
      timeout: options.timeoutMs,
      telemetry: false,
    });
  }

  async send({ key }: FrozenRequest, request: GatewayRequest): Promise<Answer> {
    const options = { idempotencyKey: key };
    const { paymentIntents, refunds } = this.#stripe;
    switch (request.operation) {
      case 'create':
        return answer(paymentIntents.create({ ...request.parameters }, options), shown);
      case 'confirm': {
        const { intentId, parameters } = request;
        return answer(paymentIntents.confirm(intentId, { ...parameters }, options), shown);
      }
      case 'cancel': {
        const { intentId, parameters } = request;
        return answer(paymentIntents.cancel(intentId, { ...parameters }, options), shown);
      }
      case 'refund':
        return answer(refunds.create({ ...request.parameters }, options), returned);
    }
  }

  look(intentId: string): Promise<Answer> {
    return answer(this.#stripe.paymentIntents.retrieve(intentId, { expand: EXPAND }), shown);
  }

  async listByOrder(
    orderId: string,
    created: { from: number; to: number },
  ): Promise<Intent[] | null> {
    const range = { gte: Math.floor(created.from / 1000), lte: Math.ceil(created.to / 1000) };
    const list = this.#stripe.paymentIntents.list({ created: range, limit: PAGE });
    return oldestFirst(list, (intent) =>
      intent.metadata['order_id'] === orderId ? intentOf(intent) : null,
    );
  }

  listRefunds(intentId: string): Promise<Refund[] | null> {
    const list = this.#stripe.refunds.list({ payment_intent: intentId, limit: PAGE });
    return oldestFirst(list, refundOf);
  }

  close(): void {
    this.#http.close();
  }
}

/** Null when the list could not be read to its end: half a list proves nothing. */
async function oldestFirst<From, To>(
  list: AsyncIterable<From>,
  wanted: (item: From) => To | null,
): Promise<To[] | null> {
  const found: To[] = [];
  try {
    for await (const item of list) {
      const one = wanted(item);
      if (one !== null) found.unshift(one);
    }
    return found;
  } catch (error) {
    if (error instanceof errors.StripeError) return null;
    throw error;
  }
}

const shown = (intent: Stripe.PaymentIntent, evidence: string): Answer => ({
  kind: 'intent',
  intent: intentOf(intent),
  evidence,
});

const returned = (refund: Stripe.Refund, evidence: string): Answer => ({
  kind: 'refund',
  refund: refundOf(refund),
  evidence,
});

async function answer<T>(
  call: Promise<Stripe.Response<T>>,
  translate: (object: T, evidence: string) => Answer,
): Promise<Answer> {
  try {
    const object = await call;
    const { headers, requestId } = object.lastResponse;
    return translate(object, evidenceOf(requestId, headers));
  } catch (error) {
    return answerOfError(error);
  }
}

function answerOfError(error: unknown): Answer {
  if (!(error instanceof errors.StripeError)) throw error;
  const reason = `${error.statusCode ?? 'no answer'}: ${error.message} ${detailOf(error)}`.trim();
  const evidence = evidenceOf(error.requestId, error.headers ?? {});
  if (error instanceof errors.StripeCardError) {
    const intent = error.payment_intent ? intentOf(error.payment_intent) : null;
    return { kind: 'declined', failure: failureOf(error), intent, evidence };
  }
  if (error instanceof errors.StripeIdempotencyError) return { kind: 'key-misused', reason };
  if (error instanceof errors.StripeInvalidRequestError) return refusal(error, reason, evidence);
  if (beforeTheKey.some((type) => error instanceof type)) return { kind: 'not-executed', reason };
  return { kind: 'unclear', reason, stored: isStoredFailure(error) };
}

function refusal(
  { code, param }: Stripe.errors.StripeInvalidRequestError,
  reason: string,
  evidence: string,
): Answer {
  if (code !== undefined && alreadyDone.has(code)) return { kind: 'moved-on', reason };
  if (code === 'resource_missing' && namesTheIntent.has(param ?? '')) {
    return { kind: 'no-such-intent', reason };
  }
  return { kind: 'refused', code: code ?? 'invalid_request', evidence };
}

const alreadyDone = new Set(['payment_intent_unexpected_state', 'charge_already_refunded']);
const namesTheIntent = new Set(['intent', 'payment_intent']);

/**
 * Rate limit and rights are checked before the idempotency layer: nothing was executed and nothing
 * is stored.
 */
const beforeTheKey = [
  errors.StripeRateLimitError,
  errors.StripeAuthenticationError,
  errors.StripePermissionError,
];

function isStoredFailure({ statusCode, headers }: Stripe.errors.StripeError): boolean {
  return (statusCode ?? 0) >= 500 && isReplay(headers ?? {});
}

/** A fault of ours that the HTTP client met is not an unclear answer of theirs. */
function detailOf(error: Stripe.errors.StripeError): string {
  const { detail } = error;
  if ((detail as unknown) instanceof BugError) throw detail as unknown as BugError;
  return (detail as unknown) instanceof Error ? (detail as unknown as Error).message : '';
}

function isReplay(headers: Readonly<Record<string, string>>): boolean {
  return headers['idempotent-replayed'] === 'true';
}

function evidenceOf(
  requestId: string | undefined,
  headers: Readonly<Record<string, string>>,
): string {
  return `${requestId ?? 'no request id'}${isReplay(headers) ? ', the first answer replayed' : ''}`;
}

function intentOf(intent: Stripe.PaymentIntent): Intent {
  const { last_payment_error: failure } = intent;
  return {
    id: intent.id,
    status: intent.status,
    amount: moneyOf(intent.amount, intent.currency),
    orderId: intent.metadata['order_id'] ?? null,
    livemode: intent.livemode,
    failure: failure ? failureOf(failure) : null,
    fee: feeOf(intent.latest_charge),
  };
}

function refundOf(refund: Stripe.Refund): Refund {
  const { payment_intent: intent, metadata } = refund;
  return {
    id: refund.id,
    status: refund.status ?? 'without a status',
    amount: moneyOf(refund.amount, refund.currency),
    intentId: typeof intent === 'string' ? intent : (intent?.id ?? null),
    orderId: metadata?.['order_id'] ?? null,
  };
}

function feeOf(charge: Stripe.PaymentIntent['latest_charge']): Money | null {
  if (charge === null || typeof charge === 'string') return null;
  const { balance_transaction: booked } = charge;
  if (booked === null || typeof booked === 'string') return null;
  return moneyOf(booked.fee, booked.currency);
}

function failureOf(error: { decline_code?: string; code?: string; charge?: string }): Failure {
  return {
    declineCode: error.decline_code || error.code || 'declined',
    chargeId: error.charge ?? null,
  };
}

function moneyOf(amount: number, currency: string): Money {
  return { amount: String(amount), currency: currency.toUpperCase() };
}

function addressOf(apiBase: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  const { hostname, port, protocol } = new URL(apiBase);
  const secure = protocol === 'https:';
  return {
    host: hostname,
    port: port || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
  };
}
