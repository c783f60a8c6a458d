import { Readable } from 'node:stream';
import type { Reply, Request } from '@checkout/nest-service';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { now } from './clock.js';
import { OrderStream } from './order-stream.js';
import { OrderStreams } from './order-streams.js';
import { customerOf } from './signed-in.guard.js';

/** Another replica may have written the change; nobody wakes us for that. */
const LOOK_AGAIN_MS = 2_000;
/** Comments keep proxies from closing a silent connection. */
const HEARTBEAT_MS = 15_000;
/** Then the stream ends, and the browser comes back by itself and shows its token again. */
const STREAM_LIFE_MS = 15 * 60_000;
const RECONNECT_MS = 1_000;

@Controller('api/events')
export class OrderEventsController {
  constructor(
    private readonly stream: OrderStream,
    private readonly streams: OrderStreams,
  ) {}

  @Get()
  async follow(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const customerId = customerOf(request);
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    // Fastify asks for a HEAD what a GET would get, and reads a stream to its end to measure it.
    if (request.method === 'HEAD') return void (await reply.headers(headers).send());
    const lastSeen = request.headers['last-event-id']?.toString();
    const start = await this.stream.startAfter(customerId, lastSeen);
    await reply.headers(headers).send(Readable.from(this.tell(customerId, start)));
  }

  /** Goes at the reader's pace: nothing is looked up before the last piece has gone out. */
  private async *tell(customerId: string, start: string): AsyncGenerator<string> {
    const watch = this.streams.watch(customerId);
    const openedAt = now().getTime();
    let lastWord = openedAt;
    let seq = start;
    try {
      yield `retry: ${RECONNECT_MS}\n\n`;
      while (now().getTime() - openedAt < STREAM_LIFE_MS) {
        const changes = await this.stream.changesAfter(customerId, seq);
        for (const change of changes) {
          yield `id: ${change.seq}\nevent: order\ndata: ${JSON.stringify(change.order)}\n\n`;
          seq = change.seq;
          lastWord = now().getTime();
        }
        if (now().getTime() - lastWord >= HEARTBEAT_MS) {
          yield ': still here\n\n';
          lastWord = now().getTime();
        }
        if (changes.length === 0) await watch.next(LOOK_AGAIN_MS);
      }
    } finally {
      watch.close();
    }
  }
}
