import type { Reply, Request } from '@checkout/nest-service';
import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { missing, success } from '../answer.js';
import { Clock } from '../clock.js';
import { Endpoints } from '../endpoints.js';
import { SecretKeyGuard, StripeErrorFilter } from '../stripe-wire.js';
import { IntentStore } from './intent-store.js';
import { Operations } from './operations.js';
import {
  cancelParameters,
  confirmParameters,
  createParameters,
  listParameters,
  retrieveParameters,
  searchParameters,
} from './parameters.js';
import type { PaymentIntent } from './payment-intent.js';
import { paymentIntentObject } from './stripe-objects.js';

/**
 * The endpoints of PaymentIntents (docs.stripe.com/api/payment_intents). Creating never confirms:
 * `confirm` is refused.
 */
const PATH = '/v1/payment_intents';
/** The search index follows within a minute (docs.stripe.com/search): too late to prove absence. */
const SEARCH_LAG_MS = 60_000;

@Controller('v1/payment_intents')
@UseGuards(SecretKeyGuard)
@UseFilters(StripeErrorFilter)
export class PaymentIntentsController {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly operations: Operations,
    private readonly store: IntentStore,
    private readonly clock: Clock,
  ) {}

  @Post()
  create(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.post(request, reply, {
      operation: 'create',
      schema: createParameters,
      act: (tx, parameters) => this.operations.create(tx, parameters),
    });
  }

  @Post(':id/confirm')
  confirm(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.post(request, reply, {
      operation: 'confirm',
      schema: confirmParameters,
      act: (tx, parameters, { id, key }) => this.operations.confirm(tx, id, { parameters, key }),
    });
  }

  @Post(':id/cancel')
  cancel(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.post(request, reply, {
      operation: 'cancel',
      schema: cancelParameters,
      act: (tx, parameters, { id, key }) => this.operations.cancel(tx, id, { parameters, key }),
    });
  }

  @Get('search')
  search(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: searchParameters,
      read: async (tx, parameters) => {
        const indexedUntil = new Date(this.clock.now().getTime() - SEARCH_LAG_MS);
        const found = await this.store.search(tx, parameters, indexedUntil);
        const shown = found.slice(0, parameters.limit);
        const data = await this.objectsOf(tx, shown, parameters.expand);
        const more = found.length > shown.length;
        const next = more ? (shown.at(-1)?.id ?? null) : null;
        const url = `${PATH}/search`;
        return success({ object: 'search_result', url, has_more: more, next_page: next, data });
      },
    });
  }

  @Get(':id')
  retrieve(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: retrieveParameters,
      read: async (tx, { expand }, { id }) => {
        const intent = await this.store.find(tx, id);
        if (!intent) return missing('payment_intent', id);
        const charge = await this.store.findCharge(tx, intent.latestCharge);
        return success(paymentIntentObject(intent, charge, expand));
      },
    });
  }

  @Get()
  list(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: listParameters,
      read: async (tx, parameters) => {
        const { limit, expand } = parameters;
        const found = await this.store.list(tx, parameters);
        const data = await this.objectsOf(tx, found.slice(0, limit), expand);
        return success({ object: 'list', url: PATH, has_more: found.length > limit, data });
      },
    });
  }

  private async objectsOf(
    tx: EntityManager,
    intents: readonly PaymentIntent[],
    expand: ReadonlySet<string>,
  ): Promise<object[]> {
    const objects: object[] = [];
    for (const intent of intents) {
      const charge = await this.store.findCharge(tx, intent.latestCharge);
      objects.push(paymentIntentObject(intent, charge, expand));
    }
    return objects;
  }
}
