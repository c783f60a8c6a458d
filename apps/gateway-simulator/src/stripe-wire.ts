import type { Reply, Request } from '@checkout/nest-service';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { type Answer, keyTooLong, MAX_KEY_LENGTH, unauthenticated, unavailable } from './answer.js';
import type { Reaction } from './calls/gateway-calls.js';
import { canonical, type FlatForm, type Form, shapeOf } from './form.js';

/**
 * How requests and answers of the Stripe API look on the wire: headers, keys, the shape of errors.
 */
export interface Wire {
  readonly path: string;
  /** The object in the path; empty when it names none. */
  readonly id: string;
  /** The intent that the request is about, in its path or in its parameters. */
  readonly intentId: string | null;
  /** The payment method that the request names. */
  readonly card: string | null;
  readonly form: FlatForm;
  readonly parameters: string;
  readonly key: string | null;
  readonly keyRefusal: Answer | null;
  readonly orderId: string | null;
  readonly version: string | null;
}

const TEST_SECRET_KEY = /^Bearer sk_test_\w+$/;

export function wireOf(request: Request): Wire {
  const form = (request.method === 'GET' ? request.query : (request.body ?? {})) as FlatForm;
  const key = headerOf(request, 'idempotency-key');
  const tooLong = key !== null && key.length > MAX_KEY_LENGTH;
  const shape = shapeOf(form);
  const { id = '' } = request.params as { id?: string };
  return {
    path: request.url.split('?')[0] ?? '',
    id,
    intentId: id.startsWith('pi_') ? id : textOf(shape['payment_intent']),
    card: textOf(shape['payment_method']),
    form,
    parameters: canonical(form),
    key: tooLong ? null : key,
    keyRefusal: tooLong ? keyTooLong : null,
    orderId: (shape['metadata'] as Record<string, string> | undefined)?.['order_id'] ?? null,
    version: headerOf(request, 'stripe-version'),
  };
}

export function send(reply: Reply, wire: Wire, reaction: Reaction): void {
  if (reaction.answer === null) {
    reply.hijack();
    reply.raw.socket?.destroy();
    return;
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'request-id': reaction.requestId,
    ...reaction.answer.headers,
  };
  if (wire.key !== null) headers['idempotency-key'] = wire.key;
  if (wire.version !== null) headers['stripe-version'] = wire.version;
  void reply.status(reaction.answer.status).headers(headers).send(reaction.answer.body);
}

/**
 * Any test key will do, live keys will not: this gateway must never be mistaken for the real one.
 */
@Injectable()
export class SecretKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<Request>().headers;
    if (authorization && TEST_SECRET_KEY.test(authorization)) return true;
    throw new UnauthorizedException();
  }
}

/**
 * The SDK takes an answer without an `error` field for a success: whatever goes wrong here must
 * have one.
 */
@Catch()
export class StripeErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<Reply>();
    const answer = error instanceof UnauthorizedException ? unauthenticated : unavailable;
    void reply
      .status(answer.status)
      .headers({ 'content-type': 'application/json', ...answer.headers })
      .send(answer.body);
  }
}

function textOf(value: Form[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function headerOf(request: Request, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}
