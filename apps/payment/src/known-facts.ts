import { byTime, type KnownFact } from '@checkout/api';
import { topics } from '@checkout/events';
import { knownDeliveries } from '@checkout/inbox';
import { knownEvents } from '@checkout/outbox';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WebhookOutcome } from './receive-webhook.handler.js';
import type { AttemptState, PaymentState } from './payment-state.js';

/**
 * Everything that this service's database holds about one order: what it heard, each attempt with
 * its key and what the gateway said to it, how the payment ended, the events that tell of it and
 * where they were seen, and what was delivered again and dropped.
 *
 * Not promised: a moment. Each table is read for itself.
 */
@Injectable()
export class KnownFacts {
  constructor(private readonly database: DataSource) {}

  /** In the order of their times. */
  async of(orderId: string): Promise<KnownFact[]> {
    const [payment] = await this.database.query<PaymentRow[]>(PAYMENT, [orderId]);
    if (!payment) return knownDeliveries(this.database, { orderId, eventIds: [] });
    const { approved_event_id, cancel_event_id, told } = payment;
    const heard = [approved_event_id, cancel_event_id].filter((id) => id !== null);
    const [marks, attempts, webhooks, events, deliveries] = await Promise.all([
      this.database.query<MarkRow[]>(MARKS, [heard]),
      this.database.query<AttemptRow[]>(ATTEMPTS, [orderId]),
      this.database.query<WebhookRow[]>(WEBHOOKS, [orderId]),
      knownEvents(this.database, told),
      knownDeliveries(this.database, { orderId, eventIds: heard }),
    ]);
    return [
      ...marks.map((mark) => heardFact(mark, payment)),
      ...attempts.flatMap((attempt) => [attemptFact(attempt), ...answerFact(attempt)]),
      ...webhooks.flatMap((webhook) => [webhookFact(webhook), ...toldAgainFact(webhook)]),
      ...decisionFact(payment),
      ...refundFact(payment),
      ...events,
      ...deliveries,
    ].toSorted(byTime);
  }
}

interface PaymentRow {
  state: PaymentState;
  approved_event_id: string | null;
  cancel_event_id: string | null;
  payment_intent_id: string | null;
  fee: string | null;
  currency: string | null;
  reason: string | null;
  decided_at: Date | null;
  decided_xid: string | null;
  refund_reference: string | null;
  refunded_at: Date | null;
  refunded_xid: string | null;
  told: string[];
}
interface MarkRow {
  event_id: string;
  received_at: Date;
}
interface AttemptRow {
  operation: string;
  attempt: number;
  idempotency_key: string;
  request_hash: string;
  state: AttemptState;
  evidence: string | null;
  created_at: Date;
  decided_at: Date | null;
}

interface WebhookRow {
  id: string;
  type: string;
  outcome: WebhookOutcome;
  repeats: number;
  repeated_at: Date | null;
  received_at: Date;
}

const PAYMENT = `
  SELECT state, approved_event_id, cancel_event_id, payment_intent_id, fee, currency, reason,
    decided_at, decided_xid::text, refund_reference, refunded_at, refunded_xid::text,
    ARRAY(SELECT id FROM outbox WHERE aggregateid = $1::uuid::text
      UNION SELECT id FROM outbox_archive WHERE aggregateid = $1::uuid::text) AS told
  FROM payments WHERE order_id = $1`;

const MARKS = 'SELECT event_id, received_at FROM inbox WHERE event_id = ANY ($1)';

const ATTEMPTS = `
  SELECT operation, attempt, idempotency_key, request_hash, state, evidence, created_at, decided_at
  FROM attempts WHERE order_id = $1`;

const WEBHOOKS = `
  SELECT id, type, outcome, repeats, repeated_at, received_at FROM webhook_events
  WHERE order_id = $1`;

function heardFact({ event_id, received_at }: MarkRow, payment: PaymentRow): KnownFact {
  const approved = event_id === payment.approved_event_id;
  const topic = approved ? topics.ordersApproved.name : topics.outboxOrder.name;
  const what = approved ? 'approved' : 'the customer asked to cancel';
  return {
    at: received_at.toISOString(),
    what: 'fact',
    text: `Heard on ${topic}: ${what}.`,
    details: { table: 'inbox', eventId: event_id, topic },
  };
}

function attemptFact(row: AttemptRow): KnownFact {
  const { operation, attempt, state, evidence } = row;
  return {
    at: row.created_at.toISOString(),
    what: 'attempt',
    text: `${named(row)} was written down, key and bytes, before the gateway was asked.`,
    details: {
      table: 'attempts',
      operation,
      attempt,
      state,
      evidence,
      idempotencyKey: row.idempotency_key,
      requestHash: row.request_hash,
    },
  };
}

function answerFact(row: AttemptRow): KnownFact[] {
  const { operation, attempt, state, evidence, decided_at } = row;
  if (decided_at === null) return [];
  return [
    {
      at: decided_at.toISOString(),
      what: 'answer',
      text: `${named(row)} is ${state}: ${evidence}.`,
      details: { table: 'attempts', operation, attempt, state, evidence },
    },
  ];
}

const MEANT: Readonly<Record<WebhookOutcome, string>> = {
  'looked-at': 'a reason to look',
  known: 'which was known',
  contradicts: 'which cannot be, a person must look',
  'not-ours': 'which is no payment of ours',
};

function webhookFact({ id, type, outcome, received_at }: WebhookRow): KnownFact {
  return {
    at: received_at.toISOString(),
    what: 'webhook',
    text: `The gateway told of ${type}, ${MEANT[outcome]}.`,
    details: { table: 'webhook_events', eventId: id, type, outcome },
  };
}

function toldAgainFact({ id, type, repeats, repeated_at }: WebhookRow): KnownFact[] {
  if (repeated_at === null) return [];
  return [
    {
      at: repeated_at.toISOString(),
      what: 'repeat',
      text: `The gateway told of ${type} again, which had no effect: its id was taken note of.`,
      details: { table: 'webhook_events', eventId: id, type, times: repeats },
    },
  ];
}

function named({ operation, attempt }: AttemptRow): string {
  return `${operation.charAt(0).toUpperCase()}${operation.slice(1)} attempt ${attempt}`;
}

function decisionFact(row: PaymentRow): KnownFact[] {
  if (row.decided_at === null) return [];
  return [
    {
      at: row.decided_at.toISOString(),
      what: 'outcome',
      text: decisionOf(row),
      details: {
        table: 'payments',
        state: row.state,
        reason: row.reason,
        gatewayReference: row.payment_intent_id,
        fee: row.fee,
        currency: row.currency,
        databaseTransaction: row.decided_xid,
      },
    },
  ];
}

/** What was decided first; a charge that was returned later was a charge then. */
function decisionOf({ state, fee, reason }: PaymentRow): string {
  if (fee !== null) return 'The gateway has charged the customer.';
  if (state === 'CANCELLED') return 'Cancelled: nothing was charged and nothing will be.';
  if (state === 'DECLINED') return `Declined: ${reason}.`;
  return `Quarantined, a person must look: ${reason}.`;
}

function refundFact(row: PaymentRow): KnownFact[] {
  if (row.refunded_at === null) return [];
  return [
    {
      at: row.refunded_at.toISOString(),
      what: 'refund',
      text: 'The whole amount was returned.',
      details: {
        table: 'payments',
        gatewayReference: row.refund_reference,
        databaseTransaction: row.refunded_xid,
      },
    },
  ];
}
