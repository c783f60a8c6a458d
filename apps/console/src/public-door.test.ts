import { operations, problems } from '@checkout/api';
import { ask } from '@checkout/testkit';
import { readFile } from 'node:fs/promises';
import { METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopHealth } from './shop-health.js';
import { type Door, door } from './testing/door.js';
import { bodyOf, says } from './testing/service.js';
import { answerToBytes } from './testing/socket.js';

let shop: Door;
beforeAll(async () => {
  shop = await door();
});
afterAll(() => shop.stop());

describe('the public door', () => {
  it('answers what the document says that it answers, and no other call of the API', () => {
    const own = shop.routes
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'))
      .filter((route) => /^(GET|POST) \/api\/[^*]/.test(route));
    const documented = operations.console
      .filter(({ path }) => path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(own.toSorted()).toEqual(documented.toSorted());
  });

  it("passes the gateway's webhooks to the payment service, byte for byte", async () => {
    const seen: string[] = [];
    shop.services.payment.behave(async (request, response) => {
      seen.push(`${request.headers['stripe-signature']} ${await bodyOf(request)}`);
      response.end('{}');
    });
    const body = '{ "id":"evt_1",\n "amount" : 1.0 }';
    const headers = { 'stripe-signature': 't=1,v1=a', 'content-type': 'application/json' };
    const answer = await fetch(`${shop.url}/webhooks/stripe`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    expect(seen).toEqual([`t=1,v1=a ${body}`]);
    expect(shop.services.payment.asked).toEqual(['POST /webhooks/stripe']);
  });

  it('opens nothing else of the services', async () => {
    for (const { asked } of Object.values(shop.services)) asked.splice(0);
    for (const path of ['/webhooks', '/webhooks/other', '/internal/orders/1/facts', '/metrics']) {
      for (const method of ['GET', 'POST']) {
        expect((await fetch(shop.url + path, { method })).status, `${method} ${path}`).toBe(404);
      }
    }
    expect(Object.values(shop.services).flatMap(({ asked }) => asked)).toEqual([]);
  });
});

describe('the API, documented', () => {
  const get = (path: string) => fetch(shop.url + path, { redirect: 'manual' });

  it('is the committed document, byte for byte', async () => {
    const answer = await get('/api/openapi.json');
    expect(answer.headers.get('content-type')).toContain('application/json');
    const file = new URL('../../../docs/openapi.json', import.meta.url);
    expect(await answer.text()).toBe(await readFile(file, 'utf8'));
  });

  it('is a page with every call, every body and every refusal, and no script', async () => {
    const answer = await get('/docs');
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    const page = await answer.text();
    for (const { id } of Object.values(operations).flat()) expect(page).toContain(`id="${id}"`);
    for (const { type } of Object.values(problems)) expect(page).toContain(`id="${type}"`);
    expect(page).not.toMatch(/<script|<style|style="|\son\w+="|\[object|undefined/);
  });

  it('looks like the shop, and leads back to it', async () => {
    const page = await (await get('/docs')).text();
    expect(page).toContain('<link rel="stylesheet" crossorigin href="/assets/index-abc.css">');
    const header = /<header class="top">(.*?)<\/header>/s.exec(page)?.[1] ?? '';
    const ways = [...header.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(ways).toEqual(['/', '/', '/orders', '/docs', '/audit']);
  });

  it('has links that lead somewhere, none of them to another host', async () => {
    const page = await (await get('/docs')).text();
    const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((link) => !/^[#/]/.test(link) || link.startsWith('//'))).toEqual([]);
    const anchors = new Set([...page.matchAll(/id="([^"]*)"/g)].map((match) => `#${match[1]}`));
    const lost = links.filter((link) => link.startsWith('#') && !anchors.has(link));
    expect(lost).toEqual([]);
  });

  it("is where a problem's type leads", async () => {
    const answer = await get('/problems/price-changed');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs#price-changed']);
    const other = await get('/problems/%22%3E%3Cscript%3E');
    expect(other.headers.get('location')).toBe('/docs#%22%3E%3Cscript%3E');
  });
});

describe('an address that no router can read', () => {
  const get = (path: string, accept: string) => fetch(shop.url + path, { headers: { accept } });

  it.each(['/orders/%zz', '/%', '/%ff', '/apian/%zz'])(
    '%s is the page, which says that there is nothing, and 404',
    async (path) => {
      const answer = await get(path, 'text/html,application/xhtml+xml');
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(await answer.text()).toContain('the page');
    },
  );

  it.each([
    ['/orders/%zz', 'application/json'],
    ['/api/orders/%zz', 'text/html'],
    ['/api/%', 'text/html'],
    ['/webhooks/stripe/%zz', 'text/html'],
  ])('%s, asked for as %s, is a problem', async (path, accept) => {
    const answer = await get(path, accept);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('an address that steps back', () => {
  it.each([
    ...['/api/orders/..%2f..%2fhealth%2flive', '/api/orders/%2e%2e%2Finternal', '/api/..%5chealth'],
    ...['/api/orders/..id', '/api/orders/../../health/live', '/webhooks/stripe/../../internal'],
  ])('%s leads nowhere: 404, as a service would say, which is not asked', async (path) => {
    const bytes = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const answer = await answerToBytes(shop.url, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"type":"/problems/not-found"');
    expect(Object.values(shop.services).flatMap(({ asked }) => asked)).toEqual([]);
  });
});

describe('a method that no call of the API has', () => {
  const others = METHODS.filter((method) => !['GET', 'HEAD', 'POST', 'CONNECT'].includes(method));
  const send = (method: string, url: string, type?: string) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    return ask(shop.url, { method, url, headers, body: type && '{' });
  };

  it.each(others)(
    '%s is 404 everywhere, whatever comes with it, and no service is asked',
    async (method) => {
      for (const { asked } of Object.values(shop.services)) asked.splice(0);
      for (const path of ['/api/orders', '/api/audit', '/webhooks/stripe', '/orders', '/nothing']) {
        for (const type of [undefined, 'application/json', 'nonsense']) {
          const { status, body } = await send(method, path, type);
          expect(`${status} ${body}`, `${path} ${type}`).toContain(
            '404 {"type":"/problems/not-found"',
          );
        }
      }
      expect(Object.values(shop.services).flatMap(({ asked }) => asked)).toEqual([]);
    },
  );
});

describe('the health of the shop', () => {
  const watched = () => Object.entries(shop.services).map(([name, { url }]) => ({ name, url }));

  it('is that of all services', async () => {
    const { order, payment, ledger, enrichment } = shop.services;
    const ready = says(200, { ready: true, detail: 'ready' });
    for (const service of [order, payment, ledger, enrichment]) service.behave(ready);
    expect(await shopHealth(watched())).toMatchObject({ ready: true, detail: 'ready' });

    ledger.behave(says(503, { ready: false, detail: 'the runner owns nothing yet' }));
    enrichment.behave((request) => void request.socket.destroy());
    const health = await shopHealth(watched());
    expect(health.ready).toBe(false);
    expect(health.detail).toBe('ledger: the runner owns nothing yet; enrichment: no answer');
    expect(health.services).toHaveLength(4);
  });
});
