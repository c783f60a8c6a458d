import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Answer, failure, missing, success } from '../answer.js';
import { Clock } from '../clock.js';
import { EventLog } from '../events/event-log.js';
import { newId } from '../ids.js';
import { IntentStore } from '../payment-intents/intent-store.js';
import { type Charge, chargeObject } from '../payment-intents/stripe-objects.js';
import type { RefundParameters } from './parameters.js';
import { type Refund, refundable } from './refund.js';
import { refundObject } from './refund-object.js';
import { RefundStore } from './refund-store.js';

/**
 * Gives money back, inside the database transaction in which the answer is stored.
 *
 * Guarantee: what is refunded of a charge is at most what was captured. Refunds of one charge take
 * turns at the row of its PaymentIntent, and a trigger adds up once more when the row is inserted.
 */
@Injectable()
export class RefundOperations {
  constructor(
    private readonly intents: IntentStore,
    private readonly refunds: RefundStore,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  async refund(tx: EntityManager, asked: RefundParameters, key: string | null): Promise<Answer> {
    const named = await this.chargeOf(tx, asked);
    if ('refusal' in named) return named.refusal;
    const { charge } = named;
    const refunding = refundable(charge, asked.amount ?? null);
    switch (refunding.kind) {
      case 'nothing-left':
        return alreadyRefunded(charge);
      case 'too-much':
        return tooMuch(refunding.left);
      case 'refund': {
        const refund: Refund = {
          id: newId('re'),
          charge: charge.id,
          paymentIntent: charge.paymentIntent,
          amount: refunding.amount,
          currency: charge.currency,
          status: 'succeeded',
          reason: asked.reason ?? null,
          balanceTransaction: newId('txn'),
          metadata: asked.metadata,
          created: this.clock.now(),
        };
        const orderId = charge.metadata['order_id'] ?? null;
        await this.refunds.insert(tx, refund, { orderId, key });
        const amountRefunded = charge.amountRefunded + refund.amount;
        const object = chargeObject({ ...charge, amountRefunded }, false);
        await this.events.record(tx, 'charge.refunded', { object, orderId, key });
        return success(refundObject(refund));
      }
    }
  }

  /** The successful charge that is meant, with its intent's row locked. */
  private async chargeOf(
    tx: EntityManager,
    { payment_intent, charge: named }: RefundParameters,
  ): Promise<{ charge: Charge } | { refusal: Answer }> {
    const byName = named === undefined ? null : await this.intents.findCharge(tx, named);
    if (named !== undefined && !byName) return { refusal: missing('charge', named, 'charge') };
    const id = payment_intent ?? byName?.paymentIntent ?? '';
    const intent = await this.intents.findForUpdate(tx, id);
    if (!intent) return { refusal: missing('payment_intent', id, 'payment_intent') };
    const charge = await this.intents.findCharge(tx, named ?? intent.latestCharge);
    if (charge?.status !== 'succeeded' || charge.paymentIntent !== id) {
      return { refusal: nothingCharged(id) };
    }
    return { charge };
  }
}

const type = 'invalid_request_error';

function alreadyRefunded({ id }: Charge): Answer {
  const code = 'charge_already_refunded';
  return failure(400, { type, code, message: `Charge ${id} has already been refunded.` });
}

function tooMuch(left: number): Answer {
  const message = `The refund is larger than what is left of the charge (${left}).`;
  return failure(400, { type, param: 'amount', message });
}

function nothingCharged(intent: string): Answer {
  const message = `This PaymentIntent (${intent}) does not have a successful charge to refund.`;
  return failure(400, { type, param: 'payment_intent', message });
}
