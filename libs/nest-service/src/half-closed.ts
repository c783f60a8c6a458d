import type { Server } from 'node:http';
import type { Fastify } from './application.js';

/**
 * A client that has said all it had to say, and closes its side (`nc -N`, some load balancers).
 *
 * Guarantee: a request that came to its end is answered, also when the client says that nothing
 * more will come. TCP has no other word for it than for leaving, and Node takes it for leaving: it
 * would do what was asked and throw the answer away.
 * Whoever has left for good is found out by writing to him: the answer breaks off. An event stream
 * may have nothing to write for long, and a reader who closes his side while he reads has no reason
 * to but to leave: it ends when he does, or they would pile up.
 * Not promised: an answer to a request that was cut off; it is none (client-errors.ts). A stream
 * whose reader had closed his side before it began lives as long as any, until he is written to
 * and is gone, or its time is up.
 */
export function answerHalfClosed(fastify: Fastify): void {
  const server: Server & { httpAllowHalfOpen?: boolean } = fastify.server;
  server.httpAllowHalfOpen = true;
  fastify.addHook('onSend', async ({ raw }, reply) => {
    const type = reply.getHeader('content-type');
    if (!String(type).startsWith('text/event-stream')) return;
    const leave = (): void => void reply.raw.destroy();
    raw.socket.once('end', leave);
    reply.raw.once('close', () => raw.socket.off('end', leave));
  });
}
