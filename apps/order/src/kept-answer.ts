import type { EntityManager } from 'typeorm';

/**
 * The answers that are kept under idempotency keys.
 *
 * Guarantee: a key that was used is answered with what was answered then, byte for byte, or refused
 * when it now comes with another request. A key belongs to one customer and one route.
 */
export interface KeyedRequest {
  readonly customerId: string;
  readonly route: string;
  readonly key: string;
  /** Of what was asked: the same for the same request, however it was written. */
  readonly requestHash: string;
}

export type KeptAnswer =
  | { readonly kind: 'answered'; readonly response: string; readonly replayed: true }
  | { readonly kind: 'key-reused' };

/** What the key was used for; null when it is free, or in use by a request that still runs. */
export async function keptAnswer(
  tx: EntityManager,
  asked: KeyedRequest,
): Promise<KeptAnswer | null> {
  const [kept]: { requestHash: string; response: string }[] = await tx.query(
    `SELECT request_hash AS "requestHash", response FROM idempotency_keys
     WHERE customer_id = $1 AND route = $2 AND key = $3`,
    [asked.customerId, asked.route, asked.key],
  );
  if (!kept) return null;
  if (kept.requestHash !== asked.requestHash) return { kind: 'key-reused' };
  return { kind: 'answered', response: kept.response, replayed: true };
}

/** Seed of the hash: keeps these locks apart from other uses of advisory locks. */
const KEY_LOCK = 1;

/**
 * SQL text: tries to take the key until the end of the database transaction, and never waits for
 * it. Whoever uses a key first takes it so; a process that dies leaves nothing to clean up.
 */
export function tryKeySql(customerId: string, route: string, key: string): string {
  const name = `concat_ws(' ', ${customerId}, ${route}, ${key})`;
  return `pg_try_advisory_xact_lock(hashtextextended(${name}, ${KEY_LOCK}))`;
}

/** False when another request has the key at this moment. */
export async function takeKey(tx: EntityManager, asked: KeyedRequest): Promise<boolean> {
  const { customerId, route, key } = asked;
  const [taken]: [{ free: boolean }] = await tx.query(
    `SELECT ${tryKeySql('$1::uuid', '$2::text', '$3::text')} AS free`,
    [customerId, route, key],
  );
  return taken.free;
}

export interface FirstAnswer {
  readonly status: number;
  readonly response: string;
  readonly orderId: string;
}

/** Keeps what is answered for the next time that the key comes; the caller has taken the key. */
export async function keepAnswer(
  tx: EntityManager,
  asked: KeyedRequest,
  answer: FirstAnswer,
): Promise<void> {
  await tx.query(
    `INSERT INTO idempotency_keys
       (customer_id, route, key, request_hash, status, response, order_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      asked.customerId,
      asked.route,
      asked.key,
      asked.requestHash,
      answer.status,
      answer.response,
      answer.orderId,
    ],
  );
}
