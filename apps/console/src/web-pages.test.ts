import { createApplication, createLog, type App } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerWebPages } from './web-pages.js';

@Module({})
class NothingElse {}

let app: App;
let url: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-pages-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>the page</title>');
  await writeFile(join(folder, 'assets', 'index-abc.js'), 'plain');
  await writeFile(join(folder, 'assets', 'index-abc.js.gz'), 'zipped');
  app = await createApplication({
    module: NothingElse,
    log: createLog('console-test'),
    prepareFastify: (fastify) => registerWebPages(fastify, folder),
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const page = { accept: 'text/html,*/*;q=0.8' };

describe('the pages', () => {
  it.each(['/', '/orders', '/orders/0198', '/audit', '/?seed=1'])(
    '%s is the one page',
    async (path) => {
      const answer = await fetch(url + path, { headers: page });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('the page');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    },
  );

  it('keep what has a hash in its name for ever, and send it zipped', async () => {
    const { headers } = await fetch(`${url}/assets/index-abc.js`);
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('content-length')).toBe(String('zipped'.length));
  });

  it.each(['/assets/gone.js', '/nothing.png', '/../package.json', '/%2e%2e/package.json'])(
    '%s is 404 and not the page',
    async (path) => {
      const answer = await fetch(url + path, { headers: page });
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('the page');
    },
  );

  it.each(['/nothing', '/orders/', '/orders/0198/timeline', '/Orders', '/audits', '/nothing?a.b'])(
    '%s is none of them: the page says so, with 404',
    async (path) => {
      const answer = await fetch(url + path, { headers: page });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(await answer.text()).toContain('the page');
    },
  );

  it.each(['/internal/orders', '/health/other', '/webhooks', '/assets/gone'])(
    '%s is where programs ask: a problem, whoever asks',
    async (path) => {
      const answer = await fetch(url + path, { headers: page });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  it('know all addresses that the page knows, and no others', async () => {
    const file = new URL('../web/src/app.tsx', import.meta.url);
    const source = await readFile(file, 'utf8');
    const known = [...source.matchAll(/path === '([^']+)'/g)].map(([, path]) => path);
    expect(known.toSorted()).toEqual(['/', '/audit', '/orders']);
    for (const path of known) {
      expect((await fetch(`${url}${path}`, { headers: page })).status, path).toBe(200);
    }
  });

  it('are not what a program gets that asks for data', async () => {
    const answer = await fetch(`${url}/nothing`, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
