import type { Fastify, Reply, Request } from '@checkout/nest-service';
import fastifyStatic from '@fastify/static';
import { sep } from 'node:path';
import { readShopPage } from './shop-page.js';

/** The pages run only what this server sends, talk only to it, and are shown in nobody's frame. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Names of built files contain a hash of their content: such a name never gets another content. */
const HASHED = 'public, max-age=31536000, immutable';
/** Kept by the browser, but asked about on each use. */
const REVALIDATED = 'no-cache';

/** Addresses that the one page knows, as it reads them (web/src/app.tsx). */
const PAGE = /^\/(?:orders(?:\/[^/?]+)?|audit)?(?:\?|$)/;

/**
 * Serves the built files, and the one page at each of its addresses, which it reads. Everywhere
 * else there is nothing: 404, for people with the same page, which says so.
 */
export async function registerWebPages(fastify: Fastify, folder: string): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.includes(`${sep}assets${sep}`);
      void reply.header('cache-control', hashed ? HASHED : REVALIDATED);
      void reply.headers(PAGE_HEADERS);
    },
  });
  const answerLost = notFoundPage(folder);
  fastify.get('/*', (request, reply) => {
    if (PAGE.test(request.url)) return reply.sendFile('index.html');
    return answerLost(request, reply) ? reply : reply.callNotFound();
  });
}

/**
 * The page again, for who followed a broken link: it says that there is nothing, also at an address
 * that the router cannot read. Programs, and whoever asks for a file or the API, get a problem.
 */
export function notFoundPage(folder: string): (request: Request, reply: Reply) => boolean {
  const { html } = readShopPage(folder);
  return (request, reply) => {
    if (!isForPeople(request) || NO_PAGE.test(request.url)) return false;
    void reply
      .status(404)
      .headers({ ...PAGE_HEADERS, 'cache-control': REVALIDATED })
      .type('text/html; charset=utf-8')
      .send(html);
    return true;
  };
}

/** Where programs ask, and files. */
const NO_PAGE = /^\/(?:api|webhooks|health|internal|assets)\b|^[^?]*\.[^?]*/;

function isForPeople({ headers }: Request): boolean {
  return headers.accept?.includes('text/html') ?? false;
}
