import { twoCups } from '../order-application.js';
import { type BadRequest, get, headers, json, line, changed } from './request.js';

const KEY = 'without it a repeat could not be told from a second wish';
const NOT_THERE = 'what cannot be an id is answered like an id that is not there';
const PAGE = 'a client that asks for nonsense would otherwise page for ever, or through everything';
const NO_OVERRIDE = 'the method is the one in the first line: filters in front of us look there';
const INJECTED =
  'text is data: statements take it as a parameter, and the schema lets none through';
const NO_SUCH_ROUTE = 'there is no such route';

const page = (query: string): BadRequest => ({
  what: `a page by ?${query}`,
  send: get(`/api/orders?${query}`),
  answer: '400 invalid-request',
  because: PAGE,
});

const order = (id: string): BadRequest => ({
  what: `the order ${id.slice(0, 60)}`,
  send: get(`/api/orders/${id}`),
  answer: '404 not-found',
  because: NOT_THERE,
});

const SQL = "'; DROP TABLE orders; --";
const HTML = '<script>alert(1)</script>';

/** Keys, addresses, methods, and text that wants to be more than text. */
export const badAddresses: readonly BadRequest[] = [
  {
    what: 'no key',
    send: headers({ 'idempotency-key': null }),
    answer: '400 idempotency-key-missing',
    because: KEY,
  },
  {
    what: 'an empty key',
    send: headers({ 'idempotency-key': '' }),
    answer: '400 idempotency-key-missing',
    because: KEY,
  },
  {
    what: 'a key of 256 characters',
    send: headers({ 'idempotency-key': 'k'.repeat(256) }),
    answer: '400 idempotency-key-missing',
    because: 'it is kept: somebody has to say how much',
  },
  {
    what: 'a key that is not ASCII',
    send: headers({ 'idempotency-key': 'schlüssel' }),
    answer: '400 idempotency-key-missing',
    because:
      'headers have no encoding that everybody agrees on, so the key could change on the way',
  },
  {
    what: 'a key with a control character',
    send: headers({ 'idempotency-key': 'a\u0007b' }),
    answer: '400 idempotency-key-missing',
    because: 'proxies drop or refuse them',
  },
  {
    what: 'a key with a tab',
    send: headers({ 'idempotency-key': 'a\tb' }),
    answer: '400 idempotency-key-missing',
    because: 'proxies turn it into a space, and then it is another key',
  },
  {
    what: 'a key of 255 characters, with quotes and spaces',
    send: headers({ 'idempotency-key': `"a key's ${'k'.repeat(246)}` }),
    answer: '201',
    because: 'printable ASCII is printable ASCII',
  },
  {
    what: 'a key that is SQL',
    send: headers({ 'idempotency-key': SQL }),
    answer: '201',
    because: 'it is a name like any other',
  },

  ...[
    'nonsense',
    '1',
    '1%20OR%201=1',
    `${encodeURIComponent(SQL)}`,
    `${encodeURIComponent(HTML)}`,
    '%00',
    '%0d%0aX-Injected:%201',
    '..%2f..%2fhealth%2flive',
    '{0190a6b2-6f00-7000-8000-000000000001}',
    'urn:uuid:0190a6b2-6f00-7000-8000-000000000001',
    '0190a6b26f0070008000000000000001',
    '0190a6b2-6f00-7000-8000-00000000000g',
    'a'.repeat(2_000),
    '00000000-0000-0000-0000-000000000000',
  ].map(order),
  {
    what: 'an address that cannot be decoded',
    send: get('/api/orders/%zz'),
    answer: '400 malformed-request',
    because: 'it names nothing',
  },
  ...[
    'limit=0',
    'limit=-1',
    'limit=NaN',
    'limit=',
    'limit=101',
    'limit=1e1',
    'limit=0x10',
    'limit=%205',
    'limit=05',
    'limit=%D9%A3',
    'limit=9007199254740993',
    'limit=1&limit=2',
    'limit[]=1',
    'cursor=x',
    `cursor=${encodeURIComponent(SQL)}`,
    'page=2',
    '__proto__=1',
    'constructor=1',
  ].map(page),

  ...['PUT', 'PATCH', 'DELETE'].map((method) => ({
    what: `${method} /api/orders`,
    send: { ...json(twoCups), method: method as 'PUT' },
    answer: '404 not-found',
    because: NO_SUCH_ROUTE,
  })),
  {
    what: 'an order placed under /api/orders/',
    send: { ...json(twoCups), url: '/api/orders/' },
    answer: '404 not-found',
    because: 'one thing has one address',
  },
  {
    what: 'an order placed under /api/ORDERS',
    send: { ...json(twoCups), url: '/api/ORDERS' },
    answer: '404 not-found',
    because: 'one thing has one address',
  },
  ...['x-http-method-override', 'x-http-method', 'x-method-override'].map((name) => ({
    what: `POST with ${name}: DELETE`,
    send: headers({ [name]: 'DELETE' }),
    answer: '201',
    because: NO_OVERRIDE,
  })),
  {
    what: 'POST with ?_method=DELETE',
    send: { ...json(twoCups), url: '/api/orders?_method=DELETE' },
    answer: '201',
    because: NO_OVERRIDE,
  },
  {
    what: 'GET with X-HTTP-Method-Override: POST',
    send: { ...get('/api/orders'), headers: { 'x-http-method-override': 'POST' } },
    answer: '200',
    because: NO_OVERRIDE,
  },

  ...[SQL, HTML, '${jndi:ldap://127.0.0.1/a}', '../../etc/passwd', '%s%s%n', '=1+1'].flatMap(
    (text) => [
      {
        what: `a product called ${text}`,
        send: line({ sku: text }),
        answer: '400 invalid-request',
        because: INJECTED,
      },
      {
        what: `a payment method called ${text}`,
        send: changed({ paymentMethod: text }),
        answer: '400 invalid-request',
        because: INJECTED,
      },
    ],
  ),
  {
    what: 'a trace that is none',
    send: headers({ traceparent: `00-${SQL}` }),
    answer: '201',
    because: 'a trace is a courtesy: without a good one the order begins its own',
  },
];
