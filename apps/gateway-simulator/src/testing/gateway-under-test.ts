import { type App, createApplication, createLog } from '@checkout/nest-service';
import type { WebhookEndpoint } from '../events/webhook-endpoint.js';
import { gatewayApplication } from '../gateway.js';

interface Row {
  readonly id: string;
  readonly method: string;
  readonly status: string;
  readonly fault: string | null;
  readonly fired: number;
}

/** The fields of all the answers that tests look into; each answer has some of them. */
interface Body {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly type: string; readonly code: string };
  readonly errors: readonly { readonly path: string }[];
  readonly data: readonly Row[];
  readonly nextCursor: string | null;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: Body;
}

/** The gateway on a free port, as its callers see it: HTTP and nothing else. */
export class GatewayUnderTest {
  private constructor(
    private readonly app: App,
    readonly url: string,
  ) {}

  static async start(
    databaseUrl: string,
    endpoint: WebhookEndpoint | null = null,
  ): Promise<GatewayUnderTest> {
    const log = createLog('gateway');
    const app = await createApplication({ ...gatewayApplication(databaseUrl, endpoint), log });
    await app.listen(0, '127.0.0.1');
    return new GatewayUnderTest(app, await app.getUrl());
  }

  stop(): Promise<void> {
    return this.app.close();
  }

  post(path: string, form: Record<string, string>, key?: string): Promise<Reply> {
    const headers: Record<string, string> = { authorization: 'Bearer sk_test_x' };
    if (key !== undefined) headers['idempotency-key'] = key;
    return this.call(path, { method: 'POST', headers, body: new URLSearchParams(form) });
  }

  get(path: string): Promise<Reply> {
    return this.call(path, { headers: { authorization: 'Bearer sk_test_x' } });
  }

  put(path: string, body: unknown): Promise<Reply> {
    const headers = { 'content-type': 'application/json' };
    return this.call(path, { method: 'PUT', headers, body: JSON.stringify(body) });
  }

  async call(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(new URL(path, this.url), init);
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    return { status: response.status, text, headers: response.headers, body };
  }

  create(orderId: string, key = `${orderId}:create`): Promise<Reply> {
    const form = { amount: '4200', currency: 'eur', 'metadata[order_id]': orderId };
    return this.post('/v1/payment_intents', form, key);
  }

  async intentOf(orderId: string): Promise<string> {
    return (await this.create(orderId)).body.id;
  }

  confirm(intent: string, key?: string, paymentMethod = 'pm_card_visa'): Promise<Reply> {
    const form = { payment_method: paymentMethod, 'expand[0]': 'latest_charge' };
    return this.post(`/v1/payment_intents/${intent}/confirm`, form, key);
  }
}
