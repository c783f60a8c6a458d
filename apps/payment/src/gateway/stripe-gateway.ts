import { BugError } from '@checkout/eos';
import type { Money } from '@checkout/money';
import { Stripe } from 'stripe';
import type { FrozenRequest, GatewayRequest } from '../frozen-request.js';
import type { Answer, Failure, Intent } from './answer.js';
import { StripeHttp } from './stripe-http.js';

/**
 * The Stripe API as this service uses it: send a frozen request, look at an intent, list intents by
 * creation time.
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
  close(): void;
}

/**
 * The version that the SDK's types describe; pinned, because a repeat must be what the first call
 * was.
 */
const API_VERSION = '2026-10-28.endive';
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
    const { paymentIntents } = this.#stripe;
    switch (request.operation) {
      case 'create':
        return answer(paymentIntents.create({ ...request.parameters }, options));
      case 'confirm':
        return answer(paymentIntents.confirm(request.intentId, { ...request.parameters }, options));
    }
  }

  look(intentId: string): Promise<Answer> {
    return answer(this.#stripe.paymentIntents.retrieve(intentId, { expand: EXPAND }));
  }

  async listByOrder(
    orderId: string,
    created: { from: number; to: number },
  ): Promise<Intent[] | null> {
    const range = { gte: Math.floor(created.from / 1000), lte: Math.ceil(created.to / 1000) };
    const found: Intent[] = [];
    try {
      const list = this.#stripe.paymentIntents.list({ created: range, limit: PAGE });
      for await (const intent of list) {
        if (intent.metadata['order_id'] === orderId) found.unshift(intentOf(intent));
      }
      return found;
    } catch (error) {
      if (error instanceof errors.StripeError) return null;
      throw error;
    }
  }

  close(): void {
    this.#http.close();
  }
}

async function answer(call: Promise<Stripe.Response<Stripe.PaymentIntent>>): Promise<Answer> {
  try {
    const intent = await call;
    const { headers, requestId } = intent.lastResponse;
    const evidence = evidenceOf(requestId, headers);
    return { kind: 'intent', intent: intentOf(intent), evidence };
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
  if (code === 'payment_intent_unexpected_state') return { kind: 'moved-on', reason };
  if (code === 'resource_missing' && param === 'intent') return { kind: 'no-such-intent', reason };
  return { kind: 'refused', code: code ?? 'invalid_request', evidence };
}

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
