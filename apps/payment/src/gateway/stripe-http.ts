import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { BugError } from '@checkout/eos';
import type { Stripe } from 'stripe';

/**
 * How the Stripe SDK reaches the network.
 *
 * Guarantees, none of which the SDK's own clients give:
 *  - No POST leaves without a key of ours. The SDK draws a random one for a POST without a key, so
 *    forgetting it is silent until the first repeat charges twice. Here it is an error before the
 *    first byte.
 *  - One call is one request. The SDK repeats a reset connection once even when retries are set to
 *    0. The code by which it knows a reset is taken off the error: only the service, which has the
 *    attempt's row, decides about repeats.
 *  - A call ends within its time-out, body included. The SDK's Node client counts silence only, so
 *    a server that sends one byte a second would hold a call, and with it a lease, for ever.
 * Not promised: that a call which failed here did not happen there.
 */
const OUR_KEY = /^[0-9a-f-]{36}:(create|confirm|cancel|refund):[1-9]\d*$/;

type SdkCall = Parameters<Stripe.HttpClient['makeRequest']>;
type Headers = SdkCall[4];

export class StripeHttp implements Stripe.HttpClient {
  readonly #plain = new HttpAgent({ keepAlive: true });
  readonly #secure = new HttpsAgent({ keepAlive: true });

  getClientName(): string {
    return 'checkout-payment';
  }

  async makeRequest(...call: SdkCall): Promise<Stripe.HttpClientResponse> {
    const [host, port, path, method, headers, body, protocol, timeoutMs] = call;
    if (method !== 'GET') assertOurKey(headers, `${method} ${path}`);
    const signal = AbortSignal.timeout(timeoutMs);
    const to = { host, port, path, method, headers, signal };
    try {
      const response = await this.#exchange(protocol, to, method === 'GET' ? '' : body);
      return new BufferedResponse(response, await text(response));
    } catch (error) {
      throw signal.aborted ? timedOut(timeoutMs) : withoutCode(error);
    }
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #exchange(protocol: string, to: object, body: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request =
        protocol === 'http'
          ? httpRequest({ ...to, agent: this.#plain }, resolve)
          : httpsRequest({ ...to, agent: this.#secure }, resolve);
      request.on('error', reject).end(body);
    });
  }
}

function assertOurKey(headers: Headers, call: string): void {
  const key = headers['Idempotency-Key'];
  if (typeof key === 'string' && OUR_KEY.test(key)) return;
  throw new BugError(`${call} was about to leave without an idempotency key of ours`);
}

class BufferedResponse implements Stripe.HttpClientResponse {
  constructor(
    private readonly response: IncomingMessage,
    private readonly body: string,
  ) {}

  getStatusCode(): number {
    return this.response.statusCode ?? 0;
  }

  getHeaders(): Record<string, string> {
    return this.response.headers as Record<string, string>;
  }

  getRawResponse(): unknown {
    return this.response;
  }

  toStream(): never {
    throw new BugError('no endpoint that is used here answers with a stream');
  }

  async toJSON(): Promise<unknown> {
    return JSON.parse(this.body);
  }
}

function timedOut(timeoutMs: number): Error {
  return new Error(`no answer within ${timeoutMs} ms`);
}

function withoutCode(error: unknown): Error {
  const { code = 'error', message } = error as NodeJS.ErrnoException;
  return new Error(`${code}: ${message}`);
}
