import { Readable } from 'node:stream';
import { type ProblemKind, problems } from '@checkout/api';
import type { Log } from '@checkout/eos';
import { type Fastify, Problem, refuse, type Reply, type Request } from '@checkout/nest-service';
import httpProxy from '@fastify/http-proxy';

export interface Forwarding {
  /** What lies under this path is answered by another service. */
  readonly prefix: string;
  readonly upstream: string;
  readonly log: Log;
}

/**
 * One origin: what is asked under a prefix is forwarded, as it comes, to the service behind it.
 *
 * Guarantee: bytes pass unchanged in both directions, so that an idempotency key stays with its
 * exact body, a signed body stays signed, and a replay stays byte-equal; an answer passes as it
 * arrives, so that an event reaches the browser when it happens.
 * Failure stories:
 *   1. The service is away: 503. Nothing was sent, the client may ask again at once.
 *   2. It dies, or falls silent, after it was asked: 502 or 504. The order may exist; only a repeat
 *      with the same key can tell. Hence nothing is ever repeated here: that decision belongs to
 *      the holder of the key.
 *   3. A body is too large, or does not arrive to its end: it is refused here. A service sees whole
 *      requests only.
 *   4. An address steps back (`/api/orders/..%2fhealth`): it leads nowhere, not out of the prefix.
 *   5. A browser closes its event stream: the connection behind it is closed too, or they would
 *      pile up.
 * What was not answered is one line of the log each: the route, the service and the cause.
 * Not promised: an answer. The client must know how to ask again.
 */
export async function forward(fastify: Fastify, forwarding: Forwarding): Promise<void> {
  const { prefix, upstream } = forwarding;
  await fastify.register(async (api) => {
    refuseStepsBack(api);
    passBodiesOn(api);
    await api.register(httpProxy, {
      upstream,
      prefix,
      rewritePrefix: prefix,
      httpMethods: METHODS,
      proxyPayloads: false,
      disableRequestLogging: true,
      undici: {
        connections: MAX_CONNECTIONS,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: STREAMS_MAY_BE_QUIET,
      },
      destroyAgent: true,
      replyOptions: {
        retryDelay: () => null,
        onError: answerFor(forwarding),
        rewriteRequestHeaders: (_request, headers) => forTheNextHop(headers),
        rewriteHeaders: (headers) => forTheNextHop(headers),
      },
    });
  });
}

/** Those of the API's calls; a service has nothing for another one to be passed on to. */
const METHODS = ['GET', 'HEAD', 'POST'];
/**
 * One open event stream holds one connection for hours; the default of 128 would then starve
 * everything else.
 */
const MAX_CONNECTIONS = 4_096;
/** Above a service's own limit for a request, so that its answer, also a refusal, wins. */
const ANSWER_TIMEOUT_MS = 15_000;
const STREAMS_MAY_BE_QUIET = 0;

/**
 * They speak to the next hop, which is this one (RFC 9110, 7.6.1 and 10.1.1): a client of HTTP
 * refuses to send them on, and a service's wish to keep its connection is not the browser's.
 */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'trailer'],
  ...['upgrade', 'http2-settings', 'expect'],
]);

function forTheNextHop<Headers extends object>(headers: Headers): Headers {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
  return Object.fromEntries(kept) as Headers;
}

/** As a service would answer: what cannot be an id is not there. The proxy would answer 400. */
function refuseStepsBack(api: Fastify): void {
  api.addHook('onRequest', async ({ url }) => {
    const [path = ''] = url.split('?', 1);
    const read = path.replaceAll(/%2e/gi, '.').replaceAll(/\\|%5c|%2f/gi, '/');
    if (read.includes('/..') || read.includes('../')) throw new Problem(problems.notFound);
  });
}

/** A body is read to its end, up to the limit, before any of it is passed on; it is not parsed. */
function passBodiesOn(api: Fastify): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    delete request.headers['transfer-encoding'];
    request.headers['content-length'] = String(body.length);
    done(null, Readable.from([body]));
  });
}

type OnError = NonNullable<NonNullable<Parameters<typeof httpProxy>[1]['replyOptions']>['onError']>;

const answerFor =
  ({ upstream, log }: Forwarding): OnError =>
  (reply, { error }) => {
    const { code = error.name, message } = (error.cause ?? error) as NodeJS.ErrnoException;
    const kind = kindFor(code);
    const route = routeOf(reply.request as Request);
    log.warn({ route, upstream, status: kind.status, cause: `${code}: ${message}` }, kind.title);
    refuse(new Problem(kind), reply as Reply);
  };

const LONGEST_LOGGED = 200;

/** Without the query: who writes one may write anything into it. */
function routeOf({ method, url }: Request): string {
  return `${method} ${url.split('?', 1)[0]}`.slice(0, LONGEST_LOGGED);
}

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** Whether the service can have seen the request is what a client needs to know. */
function kindFor(code: string): ProblemKind {
  if (NEVER_CONNECTED.includes(code)) return problems.unavailable;
  return code === 'UND_ERR_HEADERS_TIMEOUT' ? problems.lateAnswer : problems.noAnswer;
}
