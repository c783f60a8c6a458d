import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../clock.js';
import { newId } from '../ids.js';
import { WEBHOOK_ENDPOINT, type WebhookEndpoint } from './webhook-endpoint.js';

/**
 * What the gateway tells by itself (docs.stripe.com/api/events).
 *
 * Guarantee: an event is recorded in the database transaction of its effect, so there is one for
 * each effect and none without. Events are append-only, as the books are.
 */
export const eventTypes = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.refunded',
] as const;
export type EventType = (typeof eventTypes)[number];

/** The version whose objects the events show. */
const API_VERSION = '2026-10-28.endive';

export interface GatewayEvent {
  readonly sequence: string;
  readonly id: string;
  readonly type: EventType;
  readonly orderId: string | null;
  readonly idempotencyKey: string | null;
  /** The object as it was then. */
  readonly object: object;
  readonly created: Date;
}

interface Told {
  readonly object: object;
  readonly orderId: string | null;
  readonly key: string | null;
}

export const EVENT = `sequence, id, type, order_id AS "orderId",
  idempotency_key AS "idempotencyKey", object, created`;

@Injectable()
export class EventLog {
  constructor(
    @Inject(WEBHOOK_ENDPOINT) private readonly endpoint: WebhookEndpoint | null,
    private readonly clock: Clock,
  ) {}

  async record(tx: EntityManager, type: EventType, told: Told): Promise<void> {
    const id = newId('evt');
    const { object, orderId, key } = told;
    await tx.query(
      `INSERT INTO events (id, type, order_id, idempotency_key, object, created)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, type, orderId, key, JSON.stringify(object), this.clock.now()],
    );
    if (!this.endpoint) return;
    await tx.query('INSERT INTO webhook_deliveries (event, copy) VALUES ($1, 1)', [id]);
  }
}

/** The object of the API, as it is listed, and as it is sent to whoever wants to be told. */
export function eventObject(event: GatewayEvent): object {
  return {
    id: event.id,
    object: 'event',
    api_version: API_VERSION,
    created: Math.floor(event.created.getTime() / 1000),
    data: { object: event.object },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: event.idempotencyKey },
    type: event.type,
  };
}
