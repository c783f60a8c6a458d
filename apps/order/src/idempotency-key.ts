import { idempotencyKey, problems } from '@checkout/api';
import { Problem, type Request } from '@checkout/nest-service';

/**
 * The client's name for its request: scoped to the customer and the route, so nobody can use
 * another's.
 */
export function idempotencyKeyOf(request: Request): string {
  const key = idempotencyKey.safeParse(request.headers['idempotency-key']);
  if (key.success) return key.data;
  throw new Problem(problems.idempotencyKeyMissing);
}
