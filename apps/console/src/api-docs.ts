import type { Fastify } from '@checkout/nest-service';
import type { ApiDocument } from './api-document.js';
import { docsPage } from './docs-page.js';
import type { ShopPage } from './shop-page.js';
import { PAGE_HEADERS } from './web-pages.js';

/** The document for programs, the page for people, and where a problem's `type` leads. */
export function apiDocs(fastify: Fastify, document: ApiDocument, { looks }: ShopPage): void {
  const page = docsPage(document, looks);
  fastify.get('/api/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document.text),
  );
  fastify.get('/docs', (_request, reply) =>
    reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page),
  );
  fastify.get('/problems/:kind', (request, reply) => {
    const { kind } = request.params as { kind: string };
    return reply.redirect(`/docs#${encodeURIComponent(kind)}`);
  });
}
