import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { type App, createApplication } from '@checkout/nest-service';
import { DataSource } from 'typeorm';
import { WebhooksController } from '../webhooks.controller.js';
import { keepBodiesRaw, WEBHOOKS } from '../webhooks.js';
import type { Approval } from './given.js';
import type { Stage } from './stage.js';

/** The service's route for webhooks, and a gateway that can sign. */
export const SECRET = 'whsec_of_the_tests_and_of_nobody_else_in_the_world';

class Door {}

export async function webhookDoor(
  stage: Stage,
  secrets: readonly string[] = [SECRET],
): Promise<App> {
  const { clock, log } = stage;
  const module = {
    module: Door,
    controllers: [WebhooksController],
    providers: [
      { provide: DataSource, useValue: stage.dataSource },
      { provide: WEBHOOKS, useValue: { secrets, clock, log } },
    ],
  };
  const app = await createApplication({ module, log, prepareFastify: keepBodiesRaw });
  await app.init();
  return app;
}

export function signed(body: string, at: number, secret = SECRET): string {
  const seconds = Math.floor(at / 1000);
  return `t=${seconds},v1=${mac(body, seconds, secret)}`;
}

export function mac(body: string, seconds: number, secret = SECRET): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

let events = 0;

/** An event as Stripe sends it, about the intent of an order. */
export function eventAbout(
  { payload: { orderId, total } }: Approval,
  given: { type?: string; intent?: string; object?: object; event?: object } = {},
): Record<string, unknown> {
  const { type = 'payment_intent.succeeded', intent = 'pi_none', object, event } = given;
  return {
    id: `evt_${++events}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: 1_790_000_000,
    data: {
      object: {
        object: 'payment_intent',
        id: intent,
        amount: Number(total.amount),
        currency: total.currency.toLowerCase(),
        status: 'succeeded',
        metadata: { order_id: orderId },
        ...object,
      },
    },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    ...event,
  };
}
