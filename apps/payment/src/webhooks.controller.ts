import { problems, type WebhookReceived } from '@checkout/api';
import { Problem, type Request } from '@checkout/nest-service';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readWebhook, type WebhookEvent } from './gateway/stripe-webhook.js';
import { receiveWebhook } from './receive-webhook.handler.js';
import { WEBHOOKS, type Webhooks } from './webhooks.js';

/**
 * The one route of this service that the gateway reaches. An event is answered with 200 when it is
 * durable, and not before: until then the gateway tells it again.
 */
@Controller('webhooks/stripe')
export class WebhooksController {
  constructor(
    private readonly database: DataSource,
    @Inject(WEBHOOKS) private readonly webhooks: Webhooks,
  ) {}

  @Post()
  @HttpCode(200)
  async receive(@Req() request: Request): Promise<WebhookReceived> {
    const event = this.read(request);
    const received = await receiveWebhook(this.database.manager, event);
    const { outcome, repeat, orderId } = received;
    if (outcome === 'contradicts' && !repeat) {
      const line = `ALARM, the gateway tells what cannot be: ${event.type} (${event.id})`;
      this.webhooks.log.error({ order: orderId }, line);
    }
    return { received: true, outcome };
  }

  private read({ headers, body }: Request): WebhookEvent {
    const { secrets, clock, log } = this.webhooks;
    if (secrets.length === 0) {
      throw new Problem(problems.notFound, { detail: 'No secret for webhooks is configured.' });
    }
    const header = headers['stripe-signature'];
    const signature = typeof header === 'string' ? header : undefined;
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const read = readWebhook(raw, signature, { secrets, now: clock() });
    if (read.kind === 'event') return read.event;
    log.warn({ reason: read.reason }, 'a webhook was refused');
    throw new Problem(problems.webhookRefused, { detail: read.reason });
  }
}
