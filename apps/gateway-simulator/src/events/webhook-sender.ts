import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Deliveries, type Delivery } from './deliveries.js';
import { eventObject } from './event-log.js';
import { signatureOf } from './signature.js';
import { WEBHOOK_ENDPOINT, type WebhookEndpoint } from './webhook-endpoint.js';

/**
 * Tells one endpoint of what happened, signed, as Stripe does (docs.stripe.com/webhooks).
 *
 * Guarantee: at least once, in no order that anybody could rely on. An endpoint that answers
 * anything but a 2xx, or nothing, is told again.
 */
/** How soon an event leaves when nothing else happens; nobody waits for a webhook. */
const LOOK_EVERY_MS = 200;
const ANSWER_WITHIN_MS = 10_000;

@Injectable()
export class WebhookSender implements OnModuleInit, OnModuleDestroy {
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(
    @Inject(WEBHOOK_ENDPOINT) private readonly endpoint: WebhookEndpoint | null,
    private readonly deliveries: Deliveries,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    if (this.endpoint) this.lookAgain(this.endpoint);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#round;
  }

  private lookAgain(endpoint: WebhookEndpoint): void {
    this.#timer = setTimeout(() => {
      // A database that is away is asked again by the next look.
      this.#round = this.round(endpoint)
        .catch(() => undefined)
        .then(() => {
          if (!this.#stopping.signal.aborted) this.lookAgain(endpoint);
        });
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  private async round(endpoint: WebhookEndpoint): Promise<void> {
    while (await this.deliveries.areWaiting()) await this.batch(endpoint);
  }

  private async batch(endpoint: WebhookEndpoint): Promise<void> {
    while (await this.deliveries.plan());
    const due = await this.deliveries.due();
    const told = await Promise.all(
      due.map(async (delivery) => !delivery.lost && this.tell(delivery, endpoint)),
    );
    await this.deliveries.delivered(due.filter((_, i) => told[i]));
    for (const delivery of due.filter((_, i) => !told[i])) await this.deliveries.later(delivery);
  }

  private async tell(delivery: Delivery, { url, secret }: WebhookEndpoint): Promise<boolean> {
    const body = JSON.stringify(eventObject(delivery));
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signatureOf(body, secret, this.clock.now()),
    };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
