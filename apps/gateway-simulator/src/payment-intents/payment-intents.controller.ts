import type { Reply, Request } from '@checkout/nest-service';
import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { type Answer, missing, success } from '../answer.js';
import { GatewayCalls } from '../calls/gateway-calls.js';
import { send, SecretKeyGuard, StripeErrorFilter, wireOf } from '../stripe-wire.js';
import { IntentStore } from './intent-store.js';
import { Operations } from './operations.js';
import {
  cancelParameters,
  confirmParameters,
  createParameters,
  listParameters,
  type ListParameters,
  parse,
  retrieveParameters,
} from './parameters.js';
import { paymentIntentObject } from './stripe-objects.js';

/**
 * The endpoints of PaymentIntents (docs.stripe.com/api/payment_intents). Creating never confirms:
 * `confirm` is refused.
 */
const PATH = '/v1/payment_intents';
type Act<T> = (tx: EntityManager, parameters: T) => Promise<Answer>;

@Controller('v1/payment_intents')
@UseGuards(SecretKeyGuard)
@UseFilters(StripeErrorFilter)
export class PaymentIntentsController {
  constructor(
    private readonly calls: GatewayCalls,
    private readonly operations: Operations,
    private readonly store: IntentStore,
  ) {}

  @Post()
  create(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const act: Act<z.infer<typeof createParameters>> = (tx, given) =>
      this.operations.create(tx, given);
    return this.post(request, reply, { operation: 'create', schema: createParameters, act });
  }

  @Post(':id/confirm')
  confirm(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const { id, key } = wireOf(request);
    const act: Act<z.infer<typeof confirmParameters>> = (tx, parameters) =>
      this.operations.confirm(tx, id, { parameters, key });
    return this.post(request, reply, { operation: 'confirm', schema: confirmParameters, act });
  }

  @Post(':id/cancel')
  cancel(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const { id } = wireOf(request);
    const act: Act<z.infer<typeof cancelParameters>> = (tx, given) =>
      this.operations.cancel(tx, id, given);
    return this.post(request, reply, { operation: 'cancel', schema: cancelParameters, act });
  }

  @Get(':id')
  retrieve(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const { id } = wireOf(request);
    return this.get(request, reply, async (tx) => {
      const parsed = parse(retrieveParameters, wireOf(request).form);
      if ('refusal' in parsed) return parsed.refusal;
      const intent = await this.store.find(tx, id);
      if (!intent) return missing('payment_intent', id);
      const charge = await this.store.findCharge(tx, intent.latestCharge);
      return success(paymentIntentObject(intent, charge, parsed.parameters.expand));
    });
  }

  @Get()
  list(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.get(request, reply, (tx) => {
      const parsed = parse(listParameters, wireOf(request).form);
      return 'refusal' in parsed
        ? Promise.resolve(parsed.refusal)
        : this.pageOf(tx, parsed.parameters);
    });
  }

  private async pageOf(tx: EntityManager, parameters: ListParameters): Promise<Answer> {
    const found = await this.store.list(tx, parameters);
    const data: object[] = [];
    for (const intent of found.slice(0, parameters.limit)) {
      const charge = await this.store.findCharge(tx, intent.latestCharge);
      data.push(paymentIntentObject(intent, charge, parameters.expand));
    }
    const hasMore = found.length > parameters.limit;
    return success({ object: 'list', url: PATH, has_more: hasMore, data });
  }

  private async post<S extends z.ZodType>(
    request: Request,
    reply: Reply,
    endpoint: {
      operation: 'create' | 'confirm' | 'cancel';
      schema: S;
      act: Act<z.infer<S>>;
    },
  ): Promise<void> {
    const wire = wireOf(request);
    const parsed = parse(endpoint.schema, wire.form);
    const refusal = wire.keyRefusal ?? ('refusal' in parsed ? parsed.refusal : null);
    const reaction = await this.calls.post({
      path: wire.path,
      operation: endpoint.operation,
      key: wire.key,
      parameters: wire.parameters,
      orderId: wire.orderId,
      intentId: wire.id || null,
      refusal,
      execute: (tx) =>
        'refusal' in parsed ? Promise.resolve(parsed.refusal) : endpoint.act(tx, parsed.parameters),
    });
    send(reply, wire, reaction);
  }

  private async get(
    request: Request,
    reply: Reply,
    read: (tx: EntityManager) => Promise<Answer>,
  ): Promise<void> {
    const wire = wireOf(request);
    const { path, parameters, id } = wire;
    const reaction = await this.calls.get({ path, parameters, intentId: id || null, read });
    send(reply, wire, reaction);
  }
}
