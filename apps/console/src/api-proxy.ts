import type { Fastify } from '@checkout/nest-service';
import httpProxy from '@fastify/http-proxy';

/**
 * One origin: what the pages ask under /api is forwarded, as it comes, to the order service.
 *
 * Guarantee: bytes pass unchanged in both directions and as they arrive, so that an idempotency key
 * stays with its exact body, a replay stays byte-equal, and an event reaches the browser when it
 * happens.
 * Failure stories:
 *   1. The order service is away: 503. Nothing was sent, the client may ask again at once.
 *   2. It dies, or falls silent, after it was asked: 502 or 504. The order may exist; only a repeat
 *      with the same key can tell. Hence nothing is ever repeated here: that decision belongs to
 *      the holder of the key.
 *   3. A browser closes its event stream: the connection behind it is closed too, or they would
 *      pile up.
 * Not promised: an answer. The client must know how to ask again.
 */
export async function registerApiProxy(fastify: Fastify, orderUrl: string): Promise<void> {
  await fastify.register(async (api) => {
    // The framework would parse JSON bodies; here they are only passed on.
    api.removeAllContentTypeParsers();
    await api.register(httpProxy, {
      upstream: orderUrl,
      prefix: '/api',
      rewritePrefix: '/api',
      disableRequestLogging: true,
      undici: {
        connections: MAX_CONNECTIONS,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: STREAMS_MAY_BE_QUIET,
      },
      destroyAgent: true,
      replyOptions: { retryDelay: () => null, onError: answerFor },
    });
  });
}

/**
 * One open event stream holds one connection for hours; the default of 128 would then starve
 * everything else.
 */
const MAX_CONNECTIONS = 4_096;
/** Above the order service's own limit for a request, so that its answer, also a refusal, wins. */
const ANSWER_TIMEOUT_MS = 15_000;
const STREAMS_MAY_BE_QUIET = 0;

type OnError = NonNullable<NonNullable<Parameters<typeof httpProxy>[1]['replyOptions']>['onError']>;

/** Whether the order service can have seen the request is what a client needs to know. */
const answerFor: OnError = (reply, { error }) => {
  const cause = (error.cause ?? error) as NodeJS.ErrnoException;
  const problem = problemFor(cause.code ?? '');
  void reply
    .code(problem.status)
    .header('retry-after', '1')
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', ...problem }));
};

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

function problemFor(code: string): { title: string; status: number; detail: string } {
  if (NEVER_CONNECTED.includes(code)) {
    return {
      title: 'Service unavailable',
      status: 503,
      detail: 'The order service is not there at the moment. Nothing was sent to it.',
    };
  }
  const detail =
    'The order service did not answer, and may have done it. Repeat it with the same key.';
  return code === 'UND_ERR_HEADERS_TIMEOUT'
    ? { title: 'Gateway timeout', status: 504, detail }
    : { title: 'Bad gateway', status: 502, detail };
}
