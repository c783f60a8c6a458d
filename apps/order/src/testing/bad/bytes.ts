import { gzipSync } from 'node:zlib';
import { twoCups } from '../order-application.js';
import { type BadInput, type BadRequest, bytes, headers, rowsAnswered, text } from './request.js';

const UNREADABLE = '400 malformed-request';
const SHAPE = '400 invalid-request';
const OTHER_TYPE = '415 unsupported-media-type';
const BIG = '413 too-large';

const order = JSON.stringify(twoCups);
const KIB = 1024;
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const within = (value: string) => text(`{"lines":${value},"paymentMethod":"pm_card_visa"}`);
const raw = (...parts: (string | number[])[]) => ({
  body: Buffer.concat(parts.map((part) => Buffer.from(part as string))),
});
const row = rowsAnswered(UNREADABLE);
const twice = (what: string, ...sent: string[]): BadRequest =>
  row(
    what,
    bytes((head) => head(...sent, `Content-Length: ${order.length}`, 'Connection: close') + order),
  );

/** Bytes, limits and content types: what is refused before it is understood. */
export const badBytes: readonly BadInput[] = [
  {
    number: 'B28',
    name: 'a field, a header or the session’s cookie that is there twice',
    because: 'two readers of the same bytes must not see two orders',
    requests: [
      row('a field twice', text(order.replace('{', '{"paymentMethod":"pm_card_mastercard",'))),
      row('a field twice, deeper', within('[{"sku":"espresso-cup","quantity":1,"quantity":100}]')),
      row(
        'a field twice, once escaped',
        within('[{"sku":"espresso-cup","quantity":1,"quantit\\u0079":100}]'),
      ),
      twice('a key twice', 'Idempotency-Key: one', 'Idempotency-Key: two'),
      twice('the same key twice', 'Idempotency-Key: one', 'idempotency-key: one'),
      twice('a token twice', 'Idempotency-Key: one', 'Authorization: Bearer another'),
      twice('a host twice', 'Idempotency-Key: one', 'Host: elsewhere'),
      twice('a content type twice', 'Idempotency-Key: one', 'Content-Type: application/json'),
      row(
        'the cookie of the session twice',
        headers({ authorization: null, cookie: 'session=one; session=two' }),
      ),
      twice(
        'the same in two headers',
        'Idempotency-Key: one',
        'Cookie: session=a',
        'Cookie: session=b',
      ),
      row('a key twice, as another server would hand it on', {
        ...headers({ 'idempotency-key': ['one', 'two'] }),
      }),
      {
        ...row('a key with a comma', headers({ 'idempotency-key': 'one, two' }), '201'),
        because: 'it was said once, and a comma is printable',
      },
    ],
  },
  {
    number: 'B29',
    name: 'bytes that are no text',
    because: 'one reader would drop them, another replace them, a third stop there',
    requests: [
      row('bytes that are not UTF-8', raw('{"lines":[],"paymentMethod":"pm_', [0xff, 0xfe], '"}')),
      row('UTF-16', { body: Buffer.from(order, 'utf16le') }),
      row('half a surrogate pair', text(order.replace('pm_card_visa', 'pm_\\ud800')), SHAPE),
      row('half a surrogate pair in a name', text(order.replace('{', '{"\\udfff":1,')), SHAPE),
      row('NUL, escaped', text(order.replace('espresso-cup', 'espresso\\u0000cup')), SHAPE),
      row('NUL, as it is', text(order.replace('espresso-cup', 'espresso\0cup'))),
      {
        ...row('UTF-8 with a byte order mark', text(`\ufeff${order}`), '201'),
        because: 'some editors write one, and it means nothing (RFC 8259 lets a reader ignore it)',
      },
    ],
  },
  {
    number: 'B30',
    name: 'JSON that is nested deeply',
    because: 'an order has three levels, and whoever sends more wants our stack',
    requests: [
      row('17 levels', within(nested(16))),
      row('1,000 levels', within(nested(1_000))),
      row('30,000 levels, which fit into 64 KiB', within(nested(30_000))),
    ],
  },
  {
    number: 'B31',
    name: 'a body that is too large',
    because: 'the largest order has 4 KiB, and the limit is 64',
    requests: [
      row('64 KiB and one byte', text(order + ' '.repeat(64 * KIB - order.length + 1)), BIG),
      row('10 MiB', text(' '.repeat(10 * KIB * KIB)), BIG),
      {
        ...row('64 KiB', text(order + ' '.repeat(64 * KIB - order.length)), '201'),
        because: 'white space means nothing, and this is the limit',
      },
    ],
  },
  {
    number: 'B32',
    name: 'another content type, or what is nearly JSON',
    because: 'guessing what bytes mean is how they come to mean two things',
    requests: [
      ...[
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=b',
        'application/merge-patch+json',
        'application/jsonp',
        'text/json',
        'json',
        'application/json; charset=utf-16',
      ].map((type) => row(`as ${type}`, headers({ 'content-type': type }), OTHER_TYPE)),
      row('without a content type', headers({ 'content-type': null }), OTHER_TYPE),
      row('nothing', text('')),
      row('two bodies', text(`${order} ${order}`)),
      row('a comma at the end', text('{"lines":[],}')),
      row('single quotes', text("{'lines':[]}")),
      row('a comment', text(`/* order */ ${order}`)),
      {
        ...row(
          'as JSON in capitals, in UTF-8',
          headers({ 'content-type': 'APPLICATION/JSON; charset="UTF-8"' }),
          '201',
        ),
        because: 'names of types have no case',
      },
    ],
  },
  {
    number: 'B34',
    name: 'a compressed body',
    because: 'a small body that unpacks to a large one is only ever an attack here',
    requests: [
      ...['gzip', 'deflate', 'br', 'zstd', 'gzip, identity', 'GZIP'].map((encoding) =>
        row(
          `in the encoding ${encoding}`,
          { headers: { 'content-encoding': encoding }, body: gzipSync(order) },
          OTHER_TYPE,
        ),
      ),
      row(
        'ten megabytes, zipped to ten thousand',
        { headers: { 'content-encoding': 'gzip' }, body: gzipSync(' '.repeat(10 * KIB * KIB)) },
        OTHER_TYPE,
      ),
      {
        ...row(
          'said to be zipped on the way, and not',
          bytes(
            (head) =>
              head(
                'Idempotency-Key: coded',
                'Transfer-Encoding: gzip, chunked',
                'Connection: close',
              ) + `${order.length.toString(16)}\r\n${order}\r\n0\r\n\r\n`,
          ),
        ),
        because: 'a proxy that believes it would read another body than we do',
      },
      {
        ...row('zipped, and not said so', { body: gzipSync(order) }),
        because: 'zipped bytes are not UTF-8',
      },
      {
        ...row('in no encoding at all', headers({ 'content-encoding': 'identity' }), '201'),
        because: 'identity says that it is as it is',
      },
    ],
  },
];
