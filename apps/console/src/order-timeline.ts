import {
  byTime,
  orderView,
  problems,
  serviceFacts,
  type ServiceFacts,
  type Timeline,
} from '@checkout/api';
import type { Log } from '@checkout/eos';
import { type Fastify, Problem, type Reply, type Request } from '@checkout/nest-service';
import type { Service } from './services.js';

export interface TimelineSources {
  /** Knows whose order it is. */
  readonly orderUrl: string;
  readonly sources: readonly Service[];
  readonly log: Log;
}

/** Somebody is looking at a page: what is not there by then is said to be missing. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * Everything that the services know of one order, by time.
 *
 * Guarantee: only its owner is told, and a part that could not be asked is named.
 * Whose order it is, the order service says, asked with the caller's own token; until it has said
 * yes, nobody else is asked anything. Facts lie behind routes that are not forwarded.
 * Not promised: one moment. The services answer one after the other, and each by its own clock.
 */
export function timelineRoute(fastify: Fastify, options: TimelineSources): void {
  fastify.get('/api/orders/:id/timeline', async (request, reply) => {
    const { id } = request.params as { id: string };
    const answer = await askFor(id, request, options.orderUrl);
    if (!answer.ok) return passOn(answer, reply);
    const { id: orderId } = orderView.pick({ id: true }).parse(await answer.json());
    return gather(orderId, options);
  });
}

async function askFor(id: string, request: Request, orderUrl: string): Promise<Response> {
  const { authorization, cookie } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(cookie && { cookie }) };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const url = `${orderUrl}/api/orders/${encodeURIComponent(id)}`;
  return fetch(url, { headers, signal }).catch(() => {
    throw new Problem(problems.unavailable);
  });
}

/** A refusal is the order service's, word for word. */
async function passOn(answer: Response, reply: Reply): Promise<string> {
  for (const name of ['content-type', 'www-authenticate', 'retry-after']) {
    const value = answer.headers.get(name);
    if (value !== null) reply.header(name, value);
  }
  reply.status(answer.status);
  return answer.text();
}

async function gather(id: string, { sources, log }: TimelineSources): Promise<Timeline> {
  const known = await Promise.all(
    sources.map(({ name, url }) =>
      factsOf(id, url).catch((error: unknown) => {
        log.warn({ order: id, service: name, err: error }, 'a part of the timeline is missing');
        return null;
      }),
    ),
  );
  const facts = known.flatMap((some, i) =>
    (some?.facts ?? []).map((fact) => ({ ...fact, service: sources[i]?.name ?? '' })),
  );
  return {
    orderId: id,
    facts: facts.toSorted(byTime),
    missing: sources.filter((_, i) => known[i] === null).map(({ name }) => name),
  };
}

async function factsOf(id: string, url: string): Promise<ServiceFacts> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch(`${url}/internal/orders/${id}/facts`, { signal });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return serviceFacts.parse(await answer.json());
}
