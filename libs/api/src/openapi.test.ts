import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Operation } from './operation.js';
import { openApiDocument } from './openapi.js';
import { operations } from './operations.js';
import { problems } from './problems.js';

const all = Object.values(operations).flat();

test('the document is OpenAPI 3.1, by the schema of the specification', async () => {
  const result = await new Validator().validate(openApiDocument([all]) as Record<string, unknown>);
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
});

test('a document that is none would be found', async () => {
  const document = { ...openApiDocument([all]), paths: { 'no-slash': {} } };
  expect((await new Validator().validate(document)).valid).toBe(false);
});

test('no two operations, and no two kinds of problem, have one name', () => {
  const names = [...all.map(({ id }) => id), ...Object.values(problems).map(({ type }) => type)];
  expect(names.length).toBeGreaterThan(20);
  expect(new Set(names).size).toBe(names.length);
});

test('a route for customers says 401, one with a body 413 and 415, and each what it adds', () => {
  const { paths } = openApiDocument([all]) as {
    paths: Record<string, Record<string, { responses: object }>>;
  };
  const statuses = (path: string, method: string) =>
    Object.keys(paths[path]?.[method]?.responses ?? {}).join(' ');
  expect(statuses('/api/orders', 'post')).toBe(
    '201 400 401 408 409 413 415 417 422 429 431 500 502 503 504',
  );
  expect(statuses('/api/orders/{id}', 'get')).toBe('200 400 401 404 408 417 431 500 502 503 504');
  expect(statuses('/api/products', 'get')).toBe('200 400 408 417 431 500 502 503 504');
});

const operation: Operation = {
  id: 'example',
  method: 'GET',
  path: '/example',
  summary: 'An example',
  access: 'public',
  answers: { 200: { description: 'Fine.', schema: z.object({}).meta({ id: 'Example' }) } },
  problems: [],
};

test('a route that is there twice is refused', () => {
  expect(() => openApiDocument([[operation], [operation]])).toThrow('GET /example is there twice');
});

test('two schemas under one name are refused', () => {
  const other = z.object({ a: z.string() }).meta({ id: 'Money' });
  const answers = { 200: { description: 'Fine.', schema: other } };
  expect(() => openApiDocument([all, [{ ...operation, answers }]])).toThrow('Money');
});
