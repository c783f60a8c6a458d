import { eventId, topics, type Payload } from '@checkout/events';
import type { DataRecord } from '../evidence/kafka-log.js';
import type { AttemptRow, PaymentRow } from '../evidence/rows.js';
import type { AnySeen } from '../log-view.js';
import type { Mutable } from './draft.js';
import { SimulatedGateway } from './simulated-gateway.js';
import { money } from './simulated-shop.js';
import type { World } from './simulated-world.js';

type Row = Mutable<PaymentRow>;
type Attempt = Mutable<AttemptRow>;
type Outcome = 'PaymentSucceeded' | 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded';

const GROUP = 'payment.charge';
const TRIES_BEFORE_IT_WORKS = 2;
const DECLINE_CODE = 'card_declined';

const UNDECIDED = {
  ...{ decidedAt: null, decidedXid: null, reason: null },
  ...{ refundReference: null, refundedAt: null, refundedXid: null },
} as const;

/** The payment service: attempts before calls, one intent per order, cancels decided here. */
export class SimulatedPayment {
  readonly #gateway: SimulatedGateway;
  readonly #approved = new Map<string, { id: string; order: Payload<'OrderApproved'> }>();
  readonly #seen = new Set<string>();

  constructor(private readonly world: World) {
    this.#gateway = new SimulatedGateway(world);
  }

  receive(event: AnySeen, _record: DataRecord): void {
    if (event.type !== 'OrderApproved' && event.type !== 'OrderCancelRequested') return;
    if (this.#seen.has(event.id)) return;
    this.#seen.add(event.id);
    this.world.payments.inbox.push({ group: GROUP, eventId: event.id });
    if (event.type === 'OrderApproved') this.#accept(event.id, event.payload);
    else this.#cancel(event.id, event.payload.orderId);
  }

  /** One call to the gateway and what is written down of it; false when nothing is open. */
  step(): boolean {
    const open = this.world.payments.attempts.filter(
      ({ state }) => state === 'SENT' || state === 'UNKNOWN',
    );
    if (open.length === 0) return false;
    const attempt = this.world.dice.pick(open);
    const payment = this.#payment(attempt.orderId);
    if (!payment) throw new Error('an attempt without a payment');
    this.#call(attempt, payment);
    return true;
  }

  #accept(id: string, order: Payload<'OrderApproved'>): void {
    const { orderId, total, tax } = order;
    const known = this.#payment(orderId);
    this.#approved.set(orderId, { id, order });
    const amounts = { amount: BigInt(total.amount), tax: BigInt(tax.amount) };
    const facts = { ...amounts, currency: total.currency, approvedEventId: id };
    if (known) {
      Object.assign(known, facts);
      if (known.state === 'VOIDED') this.#decide(known, 'CANCELLED', 'PaymentCancelled');
      return;
    }
    const nothing = { cancelEventId: null, intentId: null, fee: null };
    const row = { orderId, ...facts, state: 'CREATING', ...nothing, ...UNDECIDED };
    this.world.payments.payments.push(row);
    this.#attempt(orderId, 'create', 1);
  }

  #cancel(id: string, orderId: string): void {
    const known = this.#payment(orderId);
    if (!known) {
      const facts = { amount: null, tax: null, currency: null, approvedEventId: null };
      const row = { orderId, state: 'VOIDED', cancelEventId: id, intentId: null, fee: null };
      this.world.payments.payments.push({ ...row, ...facts, ...UNDECIDED });
      return;
    }
    known.cancelEventId ??= id;
    if (known.state === 'CREATING') known.state = 'CANCELLING';
    else if (known.state === 'CONFIRMING') {
      const confirm = this.#open(orderId);
      if (confirm)
        Object.assign(confirm, { state: 'SUPERSEDED', evidence: 'the customer cancelled' });
      known.state = 'CANCELLING';
      this.#attempt(orderId, 'cancel', 1);
    } else if (known.state === 'PAID') {
      known.state = 'REFUNDING';
      this.#attempt(orderId, 'refund', 1);
    }
  }

  #call(attempt: Attempt, payment: Row): void {
    switch (attempt.operation) {
      case 'create':
        return this.#create(attempt, payment);
      case 'confirm':
        return this.#confirm(attempt, payment);
      case 'cancel':
        return this.#cancelIntent(attempt, payment);
      default:
        return this.#refund(attempt, payment);
    }
  }

  #create(attempt: Attempt, payment: Row): void {
    const { orderId, key } = attempt;
    const evidence = this.#gateway.asked('POST', '/v1/payment_intents', { orderId, key });
    const existing = this.world.intents.find((one) => one.orderId === orderId);
    const id = existing?.id ?? this.#gateway.createIntent(orderId, payment.amount ?? 0n);
    if (this.#answerIsLost(attempt)) return;
    this.#settle(attempt, 'SUCCEEDED', evidence);
    payment.intentId = id;
    const cancelled = payment.state === 'CANCELLING';
    if (!cancelled) payment.state = 'CONFIRMING';
    this.#attempt(orderId, cancelled ? 'cancel' : 'confirm', 1);
  }

  #confirm(attempt: Attempt, payment: Row): void {
    const { orderId, key } = attempt;
    const intentId = payment.intentId ?? '';
    const path = `/v1/payment_intents/${intentId}`;
    if (attempt.state === 'UNKNOWN') this.#gateway.asked('GET', path, { orderId, key: null });
    const evidence = this.#gateway.asked('POST', `${path}/confirm`, { orderId, key });
    const status = this.#willSucceed(attempt) ? 'succeeded' : 'failed';
    const card = this.#card(orderId);
    const about = { orderId, key, paymentIntent: intentId, amount: payment.amount ?? 0n, card };
    const before = this.world.books.charges.find((one) => one.key === key);
    const charge = before ?? this.#gateway.charge(about, status);
    if (charge.status === 'failed') this.#gateway.refused(evidence, 402);
    if (this.#answerIsLost(attempt)) return;
    if (charge.status === 'succeeded') {
      this.#settle(attempt, 'SUCCEEDED', evidence);
      this.#paid(payment, charge.fee ?? 0n);
      return;
    }
    if (card === 'pm_card_try_again') {
      this.#settle(attempt, 'FAILED', evidence);
      this.#attempt(orderId, 'confirm', attempt.attempt + 1);
      return;
    }
    this.#settle(attempt, 'DECLINED', evidence);
    payment.reason = DECLINE_CODE;
    this.#decide(payment, 'DECLINED', 'PaymentDeclined');
  }

  /** The gateway is the judge of the race: the superseded confirmation may have been faster. */
  #cancelIntent(attempt: Attempt, payment: Row): void {
    const { orderId, key } = attempt;
    const intentId = payment.intentId ?? '';
    const superseded = this.world.payments.attempts.find(
      (one) => one.orderId === orderId && one.state === 'SUPERSEDED',
    );
    if (superseded) this.#mayHaveBeenFaster(superseded, payment);
    const path = `/v1/payment_intents/${intentId}/cancel`;
    const asked = this.#gateway.asked('POST', path, { orderId, key });
    const charge = this.#gateway.chargeOf(intentId);
    if (charge) this.#gateway.refused(asked, 400);
    else this.#gateway.cancelIntent(intentId);
    if (this.#answerIsLost(attempt)) return;
    const look = `/v1/payment_intents/${intentId}`;
    const evidence = charge ? this.#gateway.asked('GET', look, { orderId, key: null }) : asked;
    this.#settle(attempt, charge ? 'FAILED' : 'SUCCEEDED', evidence);
    if (superseded) this.#settle(superseded, charge ? 'SUCCEEDED' : 'FAILED', evidence);
    if (!charge) return this.#decide(payment, 'CANCELLED', 'PaymentCancelled');
    this.#paid(payment, charge.fee ?? 0n);
    payment.state = 'REFUNDING';
    this.#attempt(orderId, 'refund', 1);
  }

  #mayHaveBeenFaster(superseded: Attempt, { intentId, amount }: Row): void {
    const { orderId, key } = superseded;
    const paymentIntent = intentId ?? '';
    if (this.#gateway.chargeOf(paymentIntent) || !this.world.dice.chance(0.5)) return;
    if (!this.#willSucceed(superseded)) return;
    if (this.#gateway.intent(paymentIntent).status === 'canceled') return;
    this.#gateway.asked('POST', `/v1/payment_intents/${paymentIntent}/confirm`, { orderId, key });
    const about = { orderId, key, paymentIntent, amount: amount ?? 0n };
    this.#gateway.charge({ ...about, card: this.#card(orderId) }, 'succeeded');
  }

  #refund(attempt: Attempt, payment: Row): void {
    const { orderId, key } = attempt;
    const charge = this.#gateway.chargeOf(payment.intentId ?? '');
    if (!charge) throw new Error('a refund of nothing');
    const evidence = this.#gateway.asked('POST', '/v1/refunds', { orderId, key });
    const before = this.world.books.refunds.find((one) => one.key === key);
    const refund = before ?? this.#gateway.refund(charge, key);
    if (this.#answerIsLost(attempt)) return;
    this.#settle(attempt, 'SUCCEEDED', evidence);
    payment.refundReference = refund.id;
    const { xid, at } = this.#tell(payment, 'PaymentRefunded', refund.id);
    Object.assign(payment, { state: 'REFUNDED', refundedXid: xid, refundedAt: at });
  }

  #paid(payment: Row, fee: bigint): void {
    payment.fee = fee;
    this.#decide(payment, 'PAID', 'PaymentSucceeded');
  }

  #decide(payment: Row, state: string, type: Outcome): void {
    payment.state = state;
    const { xid, at } = this.#tell(payment, type, payment.intentId ?? '');
    Object.assign(payment, { decidedXid: xid, decidedAt: at });
  }

  /** The outcome and its event are one database transaction: its id and time are returned. */
  #tell(payment: Row, type: Outcome, gatewayReference: string): { xid: string; at: string } {
    const { orderId } = payment;
    const approved = this.#approved.get(orderId);
    if (!approved) throw new Error('an outcome without an approval');
    const { customerId, total, tax, lines } = approved.order;
    const id = eventId(approved.id, type, type === 'PaymentRefunded' ? '1' : '');
    const xid = this.world.nextXid();
    const at = this.world.iso();
    const attempt = this.world.payments.attempts.filter((one) => {
      return one.orderId === orderId && one.operation === 'confirm';
    }).length;
    const common = { orderId, customerId, amount: total, lines, occurredAt: at };
    const more = {
      PaymentSucceeded: { attempt, fee: money(payment.fee ?? 0n), tax },
      PaymentDeclined: { attempt, declineCode: DECLINE_CODE },
      PaymentCancelled: {},
      PaymentRefunded: { refund: 1, tax },
    }[type];
    this.world.stage('payments', {
      xid,
      topic: topics.outboxPayment,
      event: {
        ...{ id, type, key: id, partitionBy: orderId, causationId: approved.id, traceparent: '' },
        payload: { ...common, ...more, gatewayReference },
      },
    });
    return { xid, at };
  }

  /** It happened, and we do not know it yet: the same key is used again later. */
  #answerIsLost(attempt: Attempt): boolean {
    if (!this.world.dice.chance(0.15)) return false;
    Object.assign(attempt, { state: 'UNKNOWN', evidence: 'no answer' });
    return true;
  }

  #willSucceed({ orderId, attempt }: Attempt): boolean {
    const card = this.#card(orderId);
    return (
      card === 'pm_card_visa' || (card === 'pm_card_try_again' && attempt >= TRIES_BEFORE_IT_WORKS)
    );
  }

  #card(orderId: string): string {
    return this.#approved.get(orderId)?.order.paymentMethod ?? '';
  }

  #settle(attempt: Attempt, state: string, evidence: string): void {
    Object.assign(attempt, { state, evidence, decidedAt: this.world.now() });
  }

  #attempt(orderId: string, operation: string, attempt: number): void {
    const key = `${orderId}:${operation}:${attempt}`;
    const row = { orderId, operation, attempt, key, state: 'SENT', evidence: null };
    this.world.payments.attempts.push({ ...row, createdAt: this.world.now(), decidedAt: null });
  }

  #open(orderId: string): Attempt | undefined {
    return this.world.payments.attempts.find(
      (one) => one.orderId === orderId && (one.state === 'SENT' || one.state === 'UNKNOWN'),
    );
  }

  #payment(orderId: string): Row | undefined {
    return this.world.payments.payments.find((one) => one.orderId === orderId);
  }
}
