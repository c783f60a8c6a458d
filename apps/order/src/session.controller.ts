import { openSession, type OpenSession, problems, type Session } from '@checkout/api';
import { Problem, type Reply } from '@checkout/nest-service';
import { Body, Controller, Inject, Post, Res, SetMetadata } from '@nestjs/common';
import { newCustomerId } from './customer-id.js';
import { DEMO_MODE } from './tokens.js';
import { SESSION_COOKIE, sessionCookie, Sessions } from './session.js';
import { PUBLIC } from './signed-in.guard.js';

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
    @Body({ schema: openSession.optional() }) body: OpenSession | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Session> {
    if (body?.customerId && !this.demoMode) throw new Problem(problems.notInDemoMode);
    const customerId = body?.customerId?.toLowerCase() ?? newCustomerId();
    const token = await this.sessions.tokenFor(customerId);
    reply.setCookie(SESSION_COOKIE, token, sessionCookie(!this.demoMode));
    return { token, customerId };
  }
}
