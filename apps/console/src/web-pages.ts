import type { Fastify } from '@checkout/nest-service';
import fastifyStatic from '@fastify/static';
import { sep } from 'node:path';

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
    const wantsPage = request.headers.accept?.includes('text/html') && !path.includes('.');
    return wantsPage ? reply.sendFile('index.html') : reply.callNotFound();
  });
}
