import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import {
  type Answer,
  internalError,
  keyInUse,
  keyMisused,
  rateLimited,
  type Settled,
} from '../answer.js';
import type { Operation } from '../faults/fault.js';
import { FaultPlan, type FiredFaults } from '../faults/fault-plan.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { type ArrivedRequest, RequestLog } from './request-log.js';

/**
 * One request of the Stripe API, from its arrival to its answer.
 *
 * Guarantee: a POST with a key has its effect once, and the effect, the stored answer and the log's
 * line about it are one database transaction. Planned faults hit around that transaction, never
 * inside it: what was lost was lost between the gateway and its caller, and the books tell the
 * truth about the effect.
 * Not promised: anything for a POST without a key. It executes each time, as at Stripe.
 */
export interface GatewayPost {
  readonly path: string;
  readonly operation: Operation;
  readonly key: string | null;
  readonly parameters: string;
  readonly orderId: string | null;
  readonly intentId: string | null;
  /** The payment method that the request names; otherwise it is the intent's. */
  readonly card: string | null;
  /** Said before anything executes: the parameters are not valid. Never stored. */
  readonly refusal: Answer | null;
  execute(tx: EntityManager): Promise<Answer>;
}

export interface GatewayGet {
  readonly path: string;
  readonly parameters: string;
  readonly intentId: string | null;
  read(tx: EntityManager): Promise<Answer>;
}

/** `null` answer: the connection is cut instead. */
export interface Reaction {
  readonly requestId: string;
  readonly answer: Answer | null;
}

@Injectable()
export class GatewayCalls {
  /** Keys whose first request is being executed by this process at this moment. */
  private readonly executing = new Set<string>();

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    private readonly requests: RequestLog,
    private readonly keys: IdempotencyKeys,
    private readonly faults: FaultPlan,
  ) {}

  async post(call: GatewayPost): Promise<Reaction> {
    const request = await this.requests.arrived({ method: 'POST', ...call });
    const card = call.card ?? request.card;
    const faults = await this.faults.fire({ ...call, orderId: request.orderId, card });
    if (faults.before === 'status-429') return this.answer(request, rateLimited, faults);
    if (call.refusal) return this.answer(request, call.refusal, faults);
    if (call.key !== null && this.executing.has(call.key)) {
      return this.answer(request, keyInUse, faults);
    }

    const settled = await this.executeOnce(call, request, faults);
    if (settled === null) return { requestId: request.id, answer: null };

    await faults.delayAfter();
    return { requestId: request.id, answer: faults.lose(settled) ? null : settled.answer };
  }

  async get(call: GatewayGet): Promise<Reaction> {
    const arrival = { ...call, method: 'GET', key: null, orderId: null } as const;
    const request = await this.requests.arrived(arrival);
    const answer = await call.read(this.database.manager);
    const outcome = { status: answer.status, replayed: false, fault: null };
    await this.requests.answered(this.database, request, outcome);
    return { requestId: request.id, answer };
  }

  private async executeOnce(
    call: GatewayPost,
    request: ArrivedRequest,
    faults: FiredFaults,
  ): Promise<Settled | null> {
    const { key } = call;
    if (key !== null) this.executing.add(key);
    try {
      await faults.delayBefore();
      if (faults.before === 'drop-connection') return null;
      return await this.database.transaction(async (tx) => {
        const settled = await this.settle(tx, { call, request, faults });
        const { answer, replayed } = settled;
        const outcome = { status: answer.status, replayed, fault: faults.description };
        await this.requests.answered(tx, request, outcome);
        return settled;
      });
    } finally {
      if (key !== null) this.executing.delete(key);
    }
  }

  private async settle(
    tx: EntityManager,
    execution: { call: GatewayPost; request: ArrivedRequest; faults: FiredFaults },
  ): Promise<Settled> {
    const { call, request, faults } = execution;
    if (call.key === null) return { answer: await firstAnswer(tx, call, faults), replayed: false };
    const { key, parameters } = call;
    const claim = await this.keys.claim(tx, {
      key,
      endpoint: `POST ${call.path}`,
      parameters,
      requestId: request.id,
    });
    switch (claim.kind) {
      case 'misused':
        return { answer: keyMisused(key, claim.difference), replayed: false };
      case 'repeat':
        return { answer: asReplay(claim.answer, claim.firstRequest), replayed: true };
      case 'first': {
        const answer = await firstAnswer(tx, call, faults);
        await this.keys.store(tx, key, answer);
        return { answer, replayed: false };
      }
    }
  }

  private async answer(
    request: ArrivedRequest,
    answer: Answer,
    faults: FiredFaults,
  ): Promise<Reaction> {
    const outcome = { status: answer.status, replayed: false, fault: faults.description };
    await this.requests.answered(this.database, request, outcome);
    return { requestId: request.id, answer };
  }
}

async function firstAnswer(
  tx: EntityManager,
  call: GatewayPost,
  faults: FiredFaults,
): Promise<Answer> {
  if (faults.before === 'status-500') return internalError;
  const answer = await call.execute(tx);
  return faults.after === 'status-500' ? internalError : faults.alter(answer);
}

function asReplay(answer: Answer, firstRequest: string): Answer {
  const headers = { 'idempotent-replayed': 'true', 'original-request': firstRequest };
  const shouldRetry = answer.status >= 400 ? { 'stripe-should-retry': 'false' } : {};
  return { ...answer, headers: { ...headers, ...shouldRetry } };
}
