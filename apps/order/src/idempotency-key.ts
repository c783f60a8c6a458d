import { Problem, type Request } from '@checkout/nest-service';

const PRINTABLE_ASCII = /^[\x20-\x7e]{1,255}$/;

/**
 * The client's name for its request: scoped to the customer and the route, so nobody can use
 * another's.
 */
export function idempotencyKeyOf(request: Request): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && PRINTABLE_ASCII.test(key)) return key;
  throw new Problem({
    type: 'idempotency-key-missing',
    status: 400,
    title: 'An Idempotency-Key header is needed',
    detail:
      'Send 1 to 255 printable ASCII characters, the same ones whenever you repeat the request.',
  });
}
