import { expect, test } from 'vitest';
import { ApiContract, type Documented, type Exchange } from './api-contract.js';
import type { GeneratedRequest } from './generated-request.js';
import { GeneratedRun } from './generated-run.js';

const contract = new ApiContract();
const of = (method: string, path: string) => contract.find(method, path) as Documented;
const opening = of('POST', '/api/session');
const listing = of('GET', '/api/products');

const request = (change: Partial<GeneratedRequest> = {}): GeneratedRequest => ({
  ...{ operation: opening, signedIn: 'by token', path: {}, query: {}, header: {} },
  ...{ stray: { query: {}, headers: [] }, contentType: 'application/json', cutOff: 0 },
  body: {},
  ...change,
});
const wrong = request({ body: { customerId: 'me' } });

const answer = (status: number, body: object): Exchange => ({
  ...{ method: 'POST', url: '/api/session', status, body: JSON.stringify(body) },
  headers: {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'set-cookie': 'session=t',
  },
});
const opened = answer(201, { token: 't', customerId: '0198f0c0-1111-7222-8333-444444444444' });
const refused = (status: number, type: string): Exchange =>
  answer(status, { type: `/problems/${type}`, title: 'No', status, detail: 'No.' });

test('what is as it should be is counted, and an operation that was never asked is a gap', () => {
  const run = new GeneratedRun(contract, [opening, listing]);
  run.judge(request(), opened);
  expect(run.gaps()).toEqual([
    'POST /api/session was never asked wrongly',
    'GET /api/products was never asked',
  ]);
  run.judge(wrong, refused(400, 'invalid-request'));
  expect(run.gaps()).toEqual(['GET /api/products was never asked']);
  expect(run.total()).toEqual({ allowed: 1, forbidden: 1 });
  expect(run.summary()).toContain('2 requests, 1 of them forbidden: 201 × 1, 400 × 1');
});

test('an operation that was only ever refused is a gap', () => {
  const run = new GeneratedRun(contract, [opening]);
  run.judge(wrong, refused(400, 'invalid-request'));
  expect(run.gaps()).toEqual(['POST /api/session was never accepted']);
});

test.each<[string, GeneratedRequest, Exchange, string]>([
  ['a fault of the server', request(), refused(500, 'internal'), 'a fault of the server: 500'],
  ['what is forbidden, and accepted', wrong, opened, 'accepted with 201, although'],
  ['what is allowed, and refused', request(), refused(400, 'invalid-request'), 'refused with 400'],
  ['a status that is not documented', wrong, refused(418, 'teapot'), '418 is not documented'],
  ['a kind that is not documented', wrong, refused(400, 'teapot'), 'must be equal to one of'],
  ['a field that is not documented', request(), answer(201, { a: 1 }), 'additional properties'],
  [
    'a card number that nobody has sent',
    request(),
    refused(400, 'card-number'),
    'refused with 400',
  ],
])('%s is found', (...[, asked, told, found]) => {
  const run = new GeneratedRun(contract, [opening]);
  expect(() => run.judge(asked, told)).toThrow(found);
});

test('what no document can tell may be said: a signature that is wrong is a fault, too', () => {
  const run = new GeneratedRun(contract, [opening]);
  expect(() => run.judge(request(), opened, ['not signed'])).toThrow('although not signed');
});
