import type { OrderLine } from '@checkout/events';
import type { Money } from '@checkout/money';
import type { FrozenRequest, Operation } from './frozen-request.js';
import type { AttemptState, PaymentState } from './payment-state.js';

/** One order's payment: the facts of the approval, which never change, and how far we have come. */
export interface Payment {
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: Money;
  readonly tax: Money;
  readonly paymentMethod: string;
  readonly lines: readonly OrderLine[];
  readonly approvedEventId: string;
  readonly traceparent: string;
  readonly state: PaymentState;
  /** The one PaymentIntent of this order, for ever; set once. */
  readonly intentId: string | null;
  /**
   * The last failed charge that we know of: a failure that the gateway shows with this id is old
   * news.
   */
  readonly lastChargeId: string | null;
  /** Steps in a row that brought nothing. */
  readonly tries: number;
}

/**
 * One key at the gateway. A new attempt, hence a new key, exists only after a definite failure of
 * the one before.
 */
export interface Attempt {
  readonly operation: Operation;
  readonly number: number;
  readonly request: FrozenRequest;
  readonly state: AttemptState;
  /** The gateway replays a stored 5xx for this key: repeating it can teach us nothing any more. */
  readonly storedFailure: boolean;
  readonly createdAt: number;
}

/** A payment that this worker holds the lease of, and its one open attempt. */
export interface Work {
  readonly payment: Payment;
  readonly attempt: Attempt;
}
