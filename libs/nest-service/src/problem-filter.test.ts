import { problems } from '@checkout/api';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type App, createApplication } from './application.js';
import { Problem } from './problem.js';

const errorWithCode = (code: string) => Object.assign(new Error('secret detail'), { code });

const thrown: Readonly<Record<string, unknown>> = {
  problem: new Problem(problems.priceChanged, {
    detail: 'It costs 4300 now.',
    headers: { 'x-example': 'yes' },
  }),
  bug: new TypeError('secret detail: x is undefined'),
  'no-database': errorWithCode('ECONNREFUSED'),
  'database-shut-down': errorWithCode('57P01'),
  deadlock: errorWithCode('40P01'),
  'constraint-broken': errorWithCode('23505'),
};

@Controller()
class ExampleController {
  @Get('throws/:what')
  fail(): void {
    throw thrown[current];
  }

  @Post('echo')
  @HttpCode(200)
  echo(@Body({ schema: z.strictObject({ lines: z.array(z.int().min(1)) }) }) body: object): object {
    return body;
  }
}

@Module({ controllers: [ExampleController] })
class ExampleModule {}

let app: App;
let current = '';
const logged: object[] = [];

beforeAll(async () => {
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => logged.push(fields),
  };
  app = await createApplication({ module: ExampleModule, log });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(() => app.close());
beforeEach(() => logged.splice(0));

async function failing(what: string) {
  current = what;
  return app.inject({ url: `/throws/${what}` });
}

test('a refusal is a problem document, with its headers', async () => {
  const answer = await failing('problem');
  expect(answer.statusCode).toBe(409);
  expect(answer.headers['content-type']).toMatch('application/problem+json');
  expect(answer.headers['x-example']).toBe('yes');
  expect(answer.json()).toEqual({
    type: '/problems/price-changed',
    status: 409,
    title: problems.priceChanged.title,
    detail: 'It costs 4300 now.',
  });
  expect(logged).toEqual([]);
});

test.each(['bug', 'constraint-broken'])(
  'a %s is a 500 that says nothing of our insides; the log does',
  async (what) => {
    const answer = await failing(what);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(logged).toEqual([{ route: 'GET /throws/:what', err: thrown[what] }]);
  },
);

test.each(['no-database', 'database-shut-down', 'deadlock'])(
  '%s is a 503 that asks to come again',
  async (what) => {
    const answer = await failing(what);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toContain('secret');
  },
);

const json = { 'content-type': 'application/json' };
test.each([
  ['an unknown path', { method: 'GET', url: '/nowhere' }, '404 not-found'],
  ['broken JSON', { headers: json, payload: '{"lines":' }, '400 malformed-request'],
  ['a prototype', { headers: json, payload: '{"__proto__":{}}' }, '400 malformed-request'],
  ['a large body', { headers: json, payload: `"${'x'.repeat(70_000)}"` }, '413 too-large'],
  [
    'a form',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=b' },
    '415 unsupported-media-type',
  ],
  [
    'text',
    { headers: { 'content-type': 'text/plain' }, payload: 'a' },
    '415 unsupported-media-type',
  ],
] as const)('%s is a problem document too', async (_name, request, refusal) => {
  const [status, type] = refusal.split(' ');
  const answer = await app.inject({ method: 'POST', url: '/echo', ...request });
  expect(answer.statusCode).toBe(Number(status));
  expect(answer.headers['content-type']).toMatch('application/problem+json');
  expect(answer.json()).toMatchObject({ type: `/problems/${type}`, status: Number(status) });
});

test('every fault of a body is listed with its path', async () => {
  const payload = { lines: [1, 0, 'two'], price: 1, constructor: {} };
  const answer = await app.inject({ method: 'POST', url: '/echo', payload });
  expect(answer.statusCode).toBe(400);
  const { type, errors } = answer.json<{ type: string; errors: { path: string }[] }>();
  expect(type).toBe('/problems/invalid-request');
  expect(errors.map(({ path }) => path)).toEqual(['lines.1', 'lines.2', '']);
});
