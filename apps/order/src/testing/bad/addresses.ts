import { forgedTokens } from '../forged-tokens.js';
import { twoCups } from '../order-application.js';
import {
  type BadInput,
  type BadRequest,
  bytes,
  rowsAnswered,
  changed,
  get,
  headers,
  json,
  line,
  type Sent,
  text,
} from './request.js';

const NOT_THERE = '404 not-found';
const row = rowsAnswered('400 invalid-request');
const order = (id: string): BadRequest =>
  row(`the order ${id.slice(0, 60)}`, get(`/api/orders/${id}`), NOT_THERE);
const page = (query: string): BadRequest => row(`a page by ?${query}`, get(`/api/orders?${query}`));
const cancelling = (id: string): Sent => ({ url: `/api/orders/${id}/cancel`, body: '{}' });

const SQL = "'; DROP TABLE orders; --";
const HTML = '<script>alert(1)</script>';
const BYTES = 'a\u0000b';

/** Who asks, for what, and by which address and method. */
export const badAddresses: readonly BadInput[] = [
  {
    number: 'B35',
    name: "another customer's order",
    because: 'it is not there: whether it is anywhere is nobody else’s business',
    requests: [
      row('to read it', ({ another }) => get(`/api/orders/${another}`), NOT_THERE),
      row('to cancel it', ({ another }) => cancelling(another), NOT_THERE),
      {
        ...row(
          'a page that begins at it',
          ({ another }) => get(`/api/orders?cursor=${another}`),
          '200',
        ),
        because: 'a cursor is a place in the own list, and any id is one',
      },
    ],
  },
  {
    number: 'B36',
    name: 'an id that is none, or in capitals',
    because: 'what cannot be an id is answered like an id that is not there',
    requests: [
      ...[
        'nonsense',
        '1',
        '1%20OR%201=1',
        encodeURIComponent(SQL),
        encodeURIComponent(HTML),
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
      row('a cancel of what cannot be an order', cancelling('nonsense'), NOT_THERE),
      {
        ...row(
          'an address that cannot be decoded',
          get('/api/orders/%zz'),
          '400 malformed-request',
        ),
        because: 'it names nothing',
      },
      {
        ...row(
          'the own order in capitals',
          ({ own }) => get(`/api/orders/${own.id.toUpperCase()}`),
          '200',
        ),
        because: 'ids have no case (RFC 9562)',
      },
    ],
  },
  {
    number: 'B37',
    name: 'text that wants to be more than text',
    because: 'text is data: statements take it as a parameter, and the schema lets none through',
    requests: [
      ...[
        SQL,
        HTML,
        BYTES,
        '${jndi:ldap://127.0.0.1/a}',
        '../../etc/passwd',
        '%s%s%n',
        '=1+1',
      ].flatMap((text) => [
        row(`a product called ${JSON.stringify(text)}`, line({ sku: text })),
        row(`a payment method called ${JSON.stringify(text)}`, changed({ paymentMethod: text })),
      ]),
      row(
        'a payment method that would be a line of the log',
        changed({ paymentMethod: 'pm_card\nINFO an order was paid' }),
      ),
      {
        ...row('a key that is SQL', headers({ 'idempotency-key': SQL }), '201'),
        because: 'it is a name like any other',
      },
      {
        ...row('a trace that is none', headers({ traceparent: `00-${SQL}` }), '201'),
        because: 'a trace is a courtesy: without a good one the order begins its own',
      },
    ],
  },
  {
    number: 'B38',
    name: 'a token that is not good',
    because: 'a request acts for the customer whom this shop has named, and for nobody else',
    requests: [
      row('no token', headers({ authorization: null }), '401 unauthenticated'),
      ...forgedTokens.map(([what, forge]) =>
        row(
          `a token ${what}`,
          async () => headers({ authorization: `Bearer ${await forge()}` }),
          '401 unauthenticated',
        ),
      ),
    ],
  },
  {
    number: 'B39',
    name: 'another method or address than there is, or another way to say it',
    because: 'one thing has one address, and the method is the one in the first line',
    requests: [
      ...(['PUT', 'PATCH', 'DELETE'] as const).map((method) =>
        row(`${method} /api/orders`, { ...json(twoCups), method }, NOT_THERE),
      ),
      ...['QUERY', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method) =>
        row(
          `${method} /api/orders, without a body`,
          bytes(() => `${method} /api/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
          NOT_THERE,
        ),
      ),
      row(
        'PUT /api/orders with a body that cannot be read',
        { ...text('{'), method: 'PUT' },
        NOT_THERE,
      ),
      row(
        'CONNECT, for a tunnel through us',
        bytes(() => 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n'),
        NOT_THERE,
      ),
      row(
        'an order placed under /api/orders/',
        { ...json(twoCups), url: '/api/orders/' },
        NOT_THERE,
      ),
      row('an order placed under /api/ORDERS', { ...json(twoCups), url: '/api/ORDERS' }, NOT_THERE),
      ...['x-http-method-override', 'x-http-method', 'x-method-override'].map((name) =>
        row(`POST with ${name}: DELETE`, headers({ [name]: 'DELETE' }), '201'),
      ),
      row(
        'POST with ?_method=DELETE',
        { ...json(twoCups), url: '/api/orders?_method=DELETE' },
        '201',
      ),
      row(
        'GET with X-HTTP-Method-Override: POST',
        { ...get('/api/orders'), headers: { 'x-http-method-override': 'POST' } },
        '200',
      ),
    ],
  },
  {
    number: 'B40',
    name: 'a page that cannot be',
    because: 'a client that asks for nonsense would page for ever, or through everything',
    requests: [
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
  },
];
