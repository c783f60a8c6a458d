import type { Request } from '@checkout/nest-service';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Sessions, tokenOf } from './session.js';

/**
 * Every route needs a customer, unless it says `@SetMetadata(PUBLIC, true)`: a forgotten mark
 * closes a door, it does not open one.
 */
export const PUBLIC = 'public';

const CUSTOMER = Symbol('customer');
type SignedIn = Request & { [CUSTOMER]?: string };

@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get<boolean>(PUBLIC, context.getHandler())) return true;
    const request = context.switchToHttp().getRequest<SignedIn>();
    request[CUSTOMER] = await this.sessions.customerOf(tokenOf(request));
    return true;
  }
}

/** The customer that the guard has let in. */
export function customerOf(request: SignedIn): string {
  const customerId = request[CUSTOMER];
  if (!customerId) throw new Error('a route without the guard asked for its customer');
  return customerId;
}
