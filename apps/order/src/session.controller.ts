import { Problem, type Reply } from '@checkout/nest-service';
import { Body, Controller, Inject, Post, Res, SetMetadata } from '@nestjs/common';
import { z } from 'zod';
import { newCustomerId } from './customer-id.js';
import { DEMO_MODE } from './tokens.js';
import { SESSION_COOKIE, sessionCookie, Sessions } from './session.js';
import { PUBLIC } from './signed-in.guard.js';

const openSession = z.strictObject({ customerId: z.uuid().optional() }).default({});
type OpenSession = z.infer<typeof openSession>;

@Controller('api/session')
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    @Inject(DEMO_MODE) private readonly demoMode: boolean,
  ) {}

  /** The cookie carries the same token, because a browser's EventSource cannot send a header. */
  @SetMetadata(PUBLIC, true)
  @Post()
  async open(
    @Body({ schema: openSession }) body: OpenSession,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<{ token: string; customerId: string }> {
    if (body.customerId && !this.demoMode) throw namedOutsideDemo();
    const customerId = body.customerId?.toLowerCase() ?? newCustomerId();
    const token = await this.sessions.tokenFor(customerId);
    reply.setCookie(SESSION_COOKIE, token, sessionCookie(!this.demoMode));
    return { token, customerId };
  }
}

function namedOutsideDemo(): Problem {
  return new Problem({
    type: 'not-in-demo-mode',
    status: 400,
    title: 'A session cannot be opened for a customer of your choice',
    detail: 'customerId may be named in demo mode only.',
  });
}
