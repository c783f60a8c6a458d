import { problems } from '@checkout/api';
import type { Fastify, Request } from './application.js';
import { endWith } from './client-errors.js';
import { Problem } from './problem.js';

/**
 * What a request's head must not leave open, before anything else is read.
 *
 * Guarantee: whoever reads the head reads the same request. A header of which there can be one is
 * there once; a request of HTTP/1.1 names its host; an expectation that we do not know, and a
 * coding of the body that we do not undo, are refused, and not ignored. Each refusal is a problem
 * document, as everywhere, also for who wants a tunnel (CONNECT): Node would not answer at all.
 * Threat: two keys in one request. Node joins them with a comma and takes the text for a third
 * key; a proxy takes the first, a library the last. A repeat by another way would be another key,
 * and a second order. Two tokens, likewise, are two customers. A body that is said to be zipped,
 * and is not, would be an order to us and another, or none, to a proxy that unpacks it.
 */
export function refuseUnclearHeads(fastify: Fastify): void {
  // Without a listener Node answers 417 by itself, with an empty body.
  fastify.server.on('checkExpectation', (request, response) =>
    fastify.server.emit('request', request, response),
  );
  fastify.server.on('connect', (_request, socket) => endWith(NOTHING_THERE, socket));
  fastify.addHook('onRequest', async ({ raw }) => {
    const { expect, host, 'transfer-encoding': coding } = raw.headers;
    if (expect !== undefined && !KNOWN_EXPECTATION.test(expect)) {
      throw new Problem(problems.expectationFailed);
    }
    if (host === undefined && raw.httpVersion === '1.1') {
      throw unreadable('The request names no host: HTTP/1.1 needs the header Host.');
    }
    if (coding !== undefined && !KNOWN_CODING.test(coding)) {
      throw unreadable('The only transfer coding that is undone here is chunked.');
    }
    const twice = saidTwice(raw);
    if (twice) throw unreadable(`The header ${twice} is there twice. Send it once.`);
  });
}

const KNOWN_EXPECTATION = /^100-continue$/i;
const KNOWN_CODING = /^chunked$/i;
const NOTHING_THERE = new Problem(problems.notFound);

/** The others are lists, which may be written in several lines, or decide nothing here. */
const ONCE: ReadonlySet<string> = new Set([
  ...['host', 'authorization', 'idempotency-key', 'last-event-id', 'stripe-signature'],
  ...['content-type', 'content-encoding', 'content-length', 'expect'],
]);

/** As they came: in `headers` Node has joined them, or dropped all but one. */
function saidTwice({ rawHeaders }: Request['raw']): string | undefined {
  const names = rawHeaders.filter((_, i) => i % 2 === 0);
  const single = names.map((name) => name.toLowerCase()).filter((name) => ONCE.has(name));
  const twice = single.find((name, i) => single.indexOf(name) !== i);
  return names.find((name) => name.toLowerCase() === twice);
}

function unreadable(detail: string): Problem {
  return new Problem(problems.malformedRequest, { detail });
}
