import type { Reply, Request } from '@checkout/nest-service';
import { All, Controller, Req, Res } from '@nestjs/common';
import { unknownUrl } from './answer.js';

/**
 * Everything of the Stripe API that is not simulated says so, in the shape in which the SDK reads
 * errors.
 */
@Controller()
export class UnknownUrlController {
  @All(['v1/*', 'v2/*'])
  refuse(@Req() request: Request, @Res() reply: Reply): void {
    const { status, body } = unknownUrl(request.method, request.url);
    void reply.status(status).header('content-type', 'application/json').send(body);
  }
}
