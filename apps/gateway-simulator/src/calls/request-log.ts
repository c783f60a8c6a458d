import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../clock.js';
import { newId } from '../ids.js';

/**
 * Every request that reached the gateway, and what it was answered.
 *
 * Guarantee: the request's row is durable before anything is done about it, in a database
 * transaction of its own. So a request whose execution was killed is still in the log, and an
 * auditor sees what was asked even if nothing came of it.
 */
export interface ArrivedRequest {
  readonly id: string;
  readonly orderId: string | null;
  /** The payment method of the intent that it is about. */
  readonly card: string | null;
}

interface Arrival {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly key: string | null;
  /** Canonical text of all parameters. */
  readonly parameters: string;
  readonly orderId: string | null;
  /** Whose order the request is about, when it names an intent and not an order. */
  readonly intentId: string | null;
}

export interface Outcome {
  readonly status: number;
  readonly replayed: boolean;
  /** The planned fault that met this request, if any. */
  readonly fault: string | null;
}

@Injectable()
export class RequestLog {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async arrived(arrival: Arrival): Promise<ArrivedRequest> {
    const id = newId('req');
    const { method, path, key, parameters, orderId, intentId } = arrival;
    const hash = createHash('sha256').update(parameters).digest('hex');
    const rows = await this.database.query<{ order_id: string | null; card: string | null }[]>(
      `INSERT INTO requests (id, method, path, idempotency_key, parameters_hash, order_id, created)
       VALUES ($1, $2, $3, $4, $5,
         coalesce($6, (SELECT metadata ->> 'order_id' FROM payment_intents WHERE id = $7)), $8)
       RETURNING order_id, (SELECT payment_method FROM payment_intents WHERE id = $7) AS card`,
      [id, method, path, key, hash, orderId, intentId, this.clock.now()],
    );
    return { id, orderId: rows[0]?.order_id ?? null, card: rows[0]?.card ?? null };
  }

  async answered(
    tx: DataSource | EntityManager,
    request: ArrivedRequest,
    outcome: Outcome,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO answers (request, status, replayed, fault, created) VALUES ($1, $2, $3, $4, $5)`,
      [request.id, outcome.status, outcome.replayed, outcome.fault, this.clock.now()],
    );
  }
}
