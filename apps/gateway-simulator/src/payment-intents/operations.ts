import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Answer, failure, missing, success } from '../answer.js';
import { Clock } from '../clock.js';
import { newId } from '../ids.js';
import { EventLog, type EventType } from '../events/event-log.js';
import { feeOf } from './fees.js';
import { IntentStore } from './intent-store.js';
import type { CancelParameters, ConfirmParameters, CreateParameters } from './parameters.js';
import { type CardError, confirm, mayBeCanceled, type PaymentIntent } from './payment-intent.js';
import { type Charge, paymentIntentObject } from './stripe-objects.js';
import type { Decline } from './test-cards.js';

/**
 * The operations that change something. Each runs inside the database transaction in which its
 * answer is stored, so an effect without a stored answer, or the reverse, cannot survive a crash.
 */
const EXPAND_NOTHING: ReadonlySet<string> = new Set();
const authenticationRequired: Decline = {
  code: 'card_declined',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This payment requires authentication.',
};

@Injectable()
export class Operations {
  constructor(
    private readonly store: IntentStore,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  async create(tx: EntityManager, parameters: CreateParameters): Promise<Answer> {
    const intent: PaymentIntent = {
      id: newId('pi'),
      amount: parameters.amount,
      currency: parameters.currency,
      status: parameters.payment_method ? 'requires_confirmation' : 'requires_payment_method',
      paymentMethod: parameters.payment_method ?? null,
      metadata: parameters.metadata,
      description: parameters.description ?? null,
      lastPaymentError: null,
      latestCharge: null,
      cancellationReason: null,
      canceledAt: null,
      created: this.clock.now(),
    };
    await this.store.insert(tx, intent);
    return success(paymentIntentObject(intent, null, parameters.expand));
  }

  async confirm(
    tx: EntityManager,
    id: string,
    call: { parameters: ConfirmParameters; key: string | null },
  ): Promise<Answer> {
    const intent = await this.store.findForUpdate(tx, id);
    if (!intent) return missing('payment_intent', id);
    const { parameters, key } = call;
    const confirmation = confirm(intent, {
      paymentMethod: parameters.payment_method ?? null,
      errorOnRequiresAction: parameters.error_on_requires_action,
    });
    if (confirmation.kind === 'no-method' || confirmation.kind === 'unexpected-state') {
      return unexpectedState(intent, 'confirm');
    }
    const named = { ...intent, paymentMethod: confirmation.paymentMethod };
    switch (confirmation.kind) {
      case 'charge':
        return this.charge(tx, named, { expand: parameters.expand, key });
      case 'decline':
        return this.decline(tx, named, { decline: confirmation.decline, key });
      case 'authentication-refused':
        return this.decline(tx, named, { decline: authenticationRequired, key });
      case 'authentication-needed': {
        const waiting: PaymentIntent = { ...named, status: 'requires_action' };
        await this.store.update(tx, waiting);
        return success(paymentIntentObject(waiting, null, parameters.expand));
      }
    }
  }

  async cancel(
    tx: EntityManager,
    id: string,
    call: { parameters: CancelParameters; key: string | null },
  ): Promise<Answer> {
    const { parameters, key } = call;
    const intent = await this.store.findForUpdate(tx, id);
    if (!intent) return missing('payment_intent', id);
    if (!mayBeCanceled(intent)) return unexpectedState(intent, 'cancel');
    const canceled: PaymentIntent = {
      ...intent,
      status: 'canceled',
      canceledAt: this.clock.now(),
      cancellationReason: parameters.cancellation_reason ?? null,
    };
    await this.store.update(tx, canceled);
    await this.tell(tx, 'payment_intent.canceled', { intent: canceled, charge: null, key });
    return success(paymentIntentObject(canceled, null, parameters.expand));
  }

  private async charge(
    tx: EntityManager,
    intent: PaymentIntent & { paymentMethod: string },
    call: { expand: ReadonlySet<string>; key: string | null },
  ): Promise<Answer> {
    const charge: Charge = {
      ...this.newCharge(intent),
      status: 'succeeded',
      balanceTransaction: newId('txn'),
      fee: feeOf(intent.amount),
    };
    const paid: PaymentIntent = {
      ...intent,
      status: 'succeeded',
      latestCharge: charge.id,
      lastPaymentError: null,
    };
    await this.store.insertCharge(tx, charge, call.key);
    await this.store.update(tx, paid);
    await this.tell(tx, 'payment_intent.succeeded', { intent: paid, charge, key: call.key });
    return success(paymentIntentObject(paid, charge, call.expand));
  }

  /**
   * The payment method is detached again: the next confirmation must name one (lifecycle,
   * "requires_payment_method").
   */
  private async decline(
    tx: EntityManager,
    intent: PaymentIntent & { paymentMethod: string },
    call: { decline: Decline; key: string | null },
  ): Promise<Answer> {
    const { code, declineCode, message } = call.decline;
    const charge: Charge = {
      ...this.newCharge(intent),
      failureCode: code,
      failureMessage: message,
      declineCode,
    };
    const error: CardError = {
      type: 'card_error',
      code,
      decline_code: declineCode,
      message,
      charge: charge.id,
    };
    const declined: PaymentIntent = {
      ...intent,
      status: 'requires_payment_method',
      paymentMethod: null,
      latestCharge: charge.id,
      lastPaymentError: error,
    };
    await this.store.insertCharge(tx, charge, call.key);
    await this.store.update(tx, declined);
    const told = { intent: declined, charge, key: call.key };
    await this.tell(tx, 'payment_intent.payment_failed', told);
    const object = paymentIntentObject(declined, charge, EXPAND_NOTHING);
    return failure(402, { ...error, payment_intent: object }, false);
  }

  private tell(
    tx: EntityManager,
    type: EventType,
    told: { intent: PaymentIntent; charge: Charge | null; key: string | null },
  ): Promise<void> {
    const { intent, charge, key } = told;
    const object = paymentIntentObject(intent, charge, EXPAND_NOTHING);
    return this.events.record(tx, type, {
      object,
      orderId: intent.metadata['order_id'] ?? null,
      key,
    });
  }

  private newCharge(intent: PaymentIntent & { paymentMethod: string }): Charge {
    return {
      id: newId('ch'),
      paymentIntent: intent.id,
      amount: intent.amount,
      currency: intent.currency,
      status: 'failed',
      paymentMethod: intent.paymentMethod,
      failureCode: null,
      declineCode: null,
      failureMessage: null,
      balanceTransaction: null,
      fee: null,
      metadata: intent.metadata,
      created: this.clock.now(),
      amountRefunded: 0,
    };
  }
}

function unexpectedState(intent: PaymentIntent, operation: 'confirm' | 'cancel'): Answer {
  return failure(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `You cannot ${operation} a PaymentIntent that has a status of ${intent.status}.`,
    payment_intent: paymentIntentObject(intent, null, EXPAND_NOTHING),
  });
}
