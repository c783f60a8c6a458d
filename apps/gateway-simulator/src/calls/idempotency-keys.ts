import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { Answer } from '../answer.js';
import { Clock } from '../clock.js';

/**
 * The memory of first answers (docs.stripe.com/api/idempotent_requests).
 *
 * Guarantee: for one key the effect happens once and every repeat gets the first answer's bytes,
 * whatever they were, for 24 h. The key's row, the effect and the answer become durable in one
 * database transaction.
 * Failure story: the process is killed in the middle. Either the database transaction commits, then
 * a repeat finds the answer; or it does not, then a repeat finds nothing and executes. A repeat
 * that arrives while the dead process's database transaction is still committing waits for it on
 * the key's primary key.
 * Not promised: anything after 24 h. A pruned key executes again, as Stripe says it does.
 */
const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;

export interface KeyedRequest {
  readonly key: string;
  /** Method and path: a key belongs to the endpoint of its first use. */
  readonly endpoint: string;
  readonly parameters: string;
  readonly requestId: string;
}

export type Claim =
  | { readonly kind: 'first' }
  | { readonly kind: 'repeat'; readonly answer: Answer; readonly firstRequest: string }
  | { readonly kind: 'misused'; readonly difference: 'endpoint' | 'parameters' };

interface KeyRow {
  endpoint: string;
  parameters: string;
  request: string;
  status: number;
  body: string;
}

@Injectable()
export class IdempotencyKeys implements OnModuleInit, OnModuleDestroy {
  private pruning: NodeJS.Timeout | undefined;

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Expired keys are dead already (see the claim); removing them only frees the space. */
  onModuleInit(): void {
    this.pruning = setInterval(() => void this.prune().catch(() => undefined), PRUNE_EVERY_MS);
    this.pruning.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.pruning);
  }

  async claim(tx: EntityManager, request: KeyedRequest): Promise<Claim> {
    const { key, endpoint, parameters, requestId } = request;
    const claimed = await tx.query<unknown[]>(
      `INSERT INTO idempotency_keys AS known (key, endpoint, parameters, request, created)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (key) DO UPDATE SET endpoint = excluded.endpoint,
         parameters = excluded.parameters, request = excluded.request,
         status = NULL, body = NULL, created = excluded.created
         WHERE known.created <= $6
       RETURNING key`,
      [key, endpoint, parameters, requestId, this.clock.now(), this.oldestLivingKey()],
    );
    if (claimed.length > 0) return { kind: 'first' };
    const rows = await tx.query<KeyRow[]>(
      'SELECT endpoint, parameters, request, status, body FROM idempotency_keys WHERE key = $1',
      [key],
    );
    const known = rows[0] as KeyRow;
    if (known.endpoint !== endpoint) return { kind: 'misused', difference: 'endpoint' };
    if (known.parameters !== parameters) return { kind: 'misused', difference: 'parameters' };
    const answer = { status: known.status, body: known.body };
    return { kind: 'repeat', answer, firstRequest: known.request };
  }

  async store(tx: EntityManager, key: string, answer: Answer): Promise<void> {
    await tx.query('UPDATE idempotency_keys SET status = $2, body = $3 WHERE key = $1', [
      key,
      answer.status,
      answer.body,
    ]);
  }

  private async prune(): Promise<void> {
    await this.database.query('DELETE FROM idempotency_keys WHERE created <= $1', [
      this.oldestLivingKey(),
    ]);
  }

  private oldestLivingKey(): Date {
    return new Date(this.clock.now().getTime() - KEY_LIFETIME_MS);
  }
}
