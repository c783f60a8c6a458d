import type { Reply, Request } from '@checkout/nest-service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Answer } from './answer.js';
import { GatewayCalls } from './calls/gateway-calls.js';
import type { Operation } from './faults/fault.js';
import { parse } from './parse.js';
import { send, type Wire, wireOf } from './stripe-wire.js';

/**
 * From a request on the wire to a call of the gateway and back, the same for every resource: the
 * parameters are checked here, and what is wrong with them is said before anything executes.
 */
export interface PostEndpoint<S extends z.ZodType> {
  readonly operation: Operation;
  readonly schema: S;
  act(tx: EntityManager, parameters: z.infer<S>, wire: Wire): Promise<Answer>;
}

export interface GetEndpoint<S extends z.ZodType> {
  readonly schema: S;
  read(tx: EntityManager, parameters: z.infer<S>, wire: Wire): Promise<Answer>;
}

@Injectable()
export class Endpoints {
  constructor(private readonly calls: GatewayCalls) {}

  async post<S extends z.ZodType>(
    request: Request,
    reply: Reply,
    endpoint: PostEndpoint<S>,
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
      intentId: wire.intentId,
      card: wire.card,
      refusal,
      execute: (tx) =>
        'refusal' in parsed
          ? Promise.resolve(parsed.refusal)
          : endpoint.act(tx, parsed.parameters, wire),
    });
    send(reply, wire, reaction);
  }

  async get<S extends z.ZodType>(
    request: Request,
    reply: Reply,
    endpoint: GetEndpoint<S>,
  ): Promise<void> {
    const wire = wireOf(request);
    const { path, parameters, intentId } = wire;
    const parsed = parse(endpoint.schema, wire.form);
    const read = (tx: EntityManager) =>
      'refusal' in parsed
        ? Promise.resolve(parsed.refusal)
        : endpoint.read(tx, parsed.parameters, wire);
    send(reply, wire, await this.calls.get({ path, parameters, intentId, read }));
  }
}
