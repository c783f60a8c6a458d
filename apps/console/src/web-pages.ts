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

/**
 * Serves the built pages; an address that is no file but asks for a page gets the one page, which
 * reads the address.
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
  fastify.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    return isForPeople(request) && !path.includes('.')
      ? reply.sendFile('index.html')
      : reply.callNotFound();
  });
}

/**
 * The page again, for who followed a broken link: the router cannot read such an address, and the
 * page says that there is nothing. Programs, and whoever asks the API, get a problem.
 */
export function notFoundPage(folder: string): (request: Request, reply: Reply) => boolean {
  const { html } = readShopPage(folder);
  return (request, reply) => {
    if (!isForPeople(request) || /^\/(?:api|webhooks)\b/.test(request.url)) return false;
    void reply
      .status(404)
      .headers({ ...PAGE_HEADERS, 'cache-control': REVALIDATED })
      .type('text/html; charset=utf-8')
      .send(html);
    return true;
  };
}

function isForPeople({ headers }: Request): boolean {
  return headers.accept?.includes('text/html') ?? false;
}
