import type { Mutable } from './draft.js';
import type { BookedCharge, BookedRefund } from '../evidence/books.js';
import type { World } from './simulated-world.js';

/** What the gateway does for one order, and writes into its books. */
export class SimulatedGateway {
  #made = 0;

  constructor(private readonly world: World) {}

  /** The log before the deed: each call is noted, also one whose answer gets lost. */
  asked(
    method: 'GET' | 'POST',
    path: string,
    about: { orderId: string; key: string | null },
  ): string {
    const id = this.#name('req');
    const { orderId, key } = about;
    const parametersHash = key === null ? 'none' : `hash of ${key}`;
    const created = this.world.now();
    const request = { id, method, path, orderId, key, parametersHash, status: 200, created };
    this.world.books.requests.push(request);
    return id;
  }

  /** It was not what was wished for that was answered. */
  refused(request: string, status: number): void {
    const asked = this.world.books.requests.find(({ id }) => id === request);
    if (asked) asked.status = status;
  }

  createIntent(orderId: string, amount: bigint): string {
    const id = this.#name('pi');
    const status = 'requires_payment_method';
    const intent = { id, amount, currency: 'EUR', status, paymentMethod: null, orderId };
    this.world.intents.push(intent);
    return id;
  }

  charge(about: Charge, status: 'succeeded' | 'failed'): Mutable<BookedCharge> {
    const { orderId, key, paymentIntent, amount, card } = about;
    const fee = status === 'succeeded' ? (amount * 14n + 500n) / 1000n + 25n : null;
    const common = { id: this.#name('ch'), paymentIntent, orderId, amount, currency: 'EUR' };
    const charge = { ...common, status, fee, key };
    this.world.books.charges.push(charge);
    if (status === 'succeeded') {
      Object.assign(this.intent(paymentIntent), { status, paymentMethod: card });
    }
    const happened = status === 'succeeded' ? 'succeeded' : 'payment_failed';
    this.#record(`payment_intent.${happened}`, paymentIntent);
    return charge;
  }

  refund(charge: BookedCharge, key: string): Mutable<BookedRefund> {
    const { id, paymentIntent, orderId, amount, currency } = charge;
    const common = { id: this.#name('re'), charge: id, paymentIntent, orderId, amount, currency };
    const refund = { ...common, status: 'succeeded', key };
    this.world.books.refunds.push(refund);
    this.#record('charge.refunded', paymentIntent);
    return refund;
  }

  cancelIntent(id: string): void {
    const intent = this.intent(id);
    if (intent.status === 'canceled') return;
    intent.status = 'canceled';
    this.#record('payment_intent.canceled', id);
  }

  intent(id: string) {
    const found = this.world.intents.find((one) => one.id === id);
    if (!found) throw new Error(`there is no intent ${id}`);
    return found;
  }

  chargeOf(paymentIntent: string): Mutable<BookedCharge> | undefined {
    return this.world.books.charges.find(
      (one) => one.paymentIntent === paymentIntent && one.status === 'succeeded',
    );
  }

  /** To be told by itself, whenever. */
  #record(type: string, intentId: string): void {
    const { orderId } = this.intent(intentId);
    this.world.events.push({ id: this.#name('evt'), type, orderId, intentId, acknowledged: 0 });
  }

  #name(prefix: string): string {
    return `${prefix}_${String(this.#made++).padStart(6, '0')}`;
  }
}

export interface Charge {
  readonly orderId: string;
  readonly key: string;
  readonly paymentIntent: string;
  readonly amount: bigint;
  readonly card: string;
}
