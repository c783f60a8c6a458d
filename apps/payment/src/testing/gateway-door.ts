import { freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { Stripe } from 'stripe';
import { Simulator, type WebhookEndpoint } from './simulator.js';

/**
 * The simulator as any Stripe user meets it: the unmodified SDK, with the SDK's own HTTP client.
 */
export class GatewayDoor {
  readonly stripe: Stripe;

  private constructor(
    private readonly books: FreshDatabase,
    readonly simulator: Simulator,
  ) {
    this.stripe = this.sdk(0);
  }

  static async open(endpoint: WebhookEndpoint | null = null): Promise<GatewayDoor> {
    const books = await freshDatabase();
    return new GatewayDoor(books, await Simulator.start(books.url, endpoint));
  }

  async close(): Promise<void> {
    await this.simulator.kill();
    await this.books.drop();
  }

  sdk(maxNetworkRetries: number, key = 'sk_test_x'): Stripe {
    const { hostname: host, port } = new URL(this.simulator.url);
    return new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries, telemetry: false });
  }

  create(
    order: string,
    more: Partial<Stripe.PaymentIntentCreateParams> = {},
  ): Promise<Stripe.Response<Stripe.PaymentIntent>> {
    const parameters = { amount: 4200, currency: 'eur', metadata: { order_id: order }, ...more };
    return this.stripe.paymentIntents.create(parameters, { idempotencyKey: `${order}:create` });
  }
}

let orders = 0;

/** Every test file has books of its own, so that counting is enough. */
export function newOrder(): string {
  return `order-${++orders}`;
}

/** The error that a call must end with; anything else fails the test. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await call.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error;
}
