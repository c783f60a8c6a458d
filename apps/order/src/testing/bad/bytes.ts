import { gzipSync } from 'node:zlib';
import { twoCups } from '../order-application.js';
import { type BadRequest, headers, text } from './request.js';

const TWO_READERS = 'two readers of the same bytes must not see two orders';
const NOT_JSON = 'what is nearly JSON is not JSON';
const ONLY_JSON = 'a form or a text is what a foreign page can make a browser send';
const BOMB = 'a small body that unpacks to a large one is only ever an attack here';

const order = JSON.stringify(twoCups);
const KIB = 1024;
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const within = (value: string) => text(`{"lines":${value},"paymentMethod":"pm_card_visa"}`);
const bytes = (...parts: (string | number[])[]) => ({
  body: Buffer.concat(parts.map((part) => Buffer.from(part as string))),
});

/** Bytes, limits and content types: what is refused before it is understood. */
export const badBytes: readonly BadRequest[] = [
  {
    what: 'nothing',
    send: text(''),
    answer: '400 malformed-request',
    because: 'the content type promises JSON, and nothing is no JSON',
  },
  {
    what: 'half a body',
    send: text('{"lines":'),
    answer: '400 malformed-request',
    because: NOT_JSON,
  },
  {
    what: 'two bodies',
    send: text(`${order} ${order}`),
    answer: '400 malformed-request',
    because: NOT_JSON,
  },
  {
    what: 'a comma at the end',
    send: text('{"lines":[],}'),
    answer: '400 malformed-request',
    because: NOT_JSON,
  },
  {
    what: 'single quotes',
    send: text("{'lines':[]}"),
    answer: '400 malformed-request',
    because: NOT_JSON,
  },
  {
    what: 'a comment',
    send: text(`/* order */ ${order}`),
    answer: '400 malformed-request',
    because: NOT_JSON,
  },
  {
    what: 'a field twice',
    send: text(order.replace('{', '{"paymentMethod":"pm_card_mastercard",')),
    answer: '400 malformed-request',
    because: TWO_READERS,
  },
  {
    what: 'a field twice, deeper',
    send: within('[{"sku":"espresso-cup","quantity":1,"quantity":100}]'),
    answer: '400 malformed-request',
    because: TWO_READERS,
  },
  {
    what: 'a field twice, once escaped',
    send: within('[{"sku":"espresso-cup","quantity":1,"quantit\\u0079":100}]'),
    answer: '400 malformed-request',
    because: TWO_READERS,
  },
  {
    what: 'bytes that are not UTF-8',
    send: bytes('{"lines":[],"paymentMethod":"pm_', [0xff, 0xfe], '"}'),
    answer: '400 malformed-request',
    because: 'one reader would drop them, another replace them',
  },
  {
    what: 'UTF-16',
    send: { body: Buffer.from(order, 'utf16le') },
    answer: '400 malformed-request',
    because: 'JSON is UTF-8 between systems (RFC 8259)',
  },
  {
    what: 'UTF-8 with a byte order mark',
    send: text(`\ufeff${order}`),
    answer: '201',
    because: 'some editors write one, and it means nothing (RFC 8259 lets a reader ignore it)',
  },
  {
    what: 'half a surrogate pair',
    send: text(order.replace('pm_card_visa', 'pm_\\ud800')),
    answer: '400 invalid-request',
    because: 'it is no character, and could not be stored',
  },
  {
    what: 'half a surrogate pair in a name',
    send: text(order.replace('{', '{"\\udfff":1,')),
    answer: '400 invalid-request',
    because: 'an unknown field, whatever it is called',
  },
  {
    what: 'NUL, escaped',
    send: text(order.replace('espresso-cup', 'espresso\\u0000cup')),
    answer: '400 invalid-request',
    because: 'PostgreSQL cannot store it, and some readers stop there',
  },
  {
    what: 'NUL, as it is',
    send: text(order.replace('espresso-cup', 'espresso\0cup')),
    answer: '400 malformed-request',
    because: NOT_JSON,
  },
  {
    what: 'a line break in a text',
    send: text(order.replace('pm_card_visa', 'pm_card\\nINFO an order was paid')),
    answer: '400 invalid-request',
    because: 'a log line could be forged with it',
  },
  {
    what: '17 levels',
    send: within(nested(16)),
    answer: '400 malformed-request',
    because: 'an order has three, and whoever sends more wants our stack',
  },
  {
    what: '1,000 levels',
    send: within(nested(1_000)),
    answer: '400 malformed-request',
    because: 'the same',
  },
  {
    what: '30,000 levels, which fit into 64 KiB',
    send: within(nested(30_000)),
    answer: '400 malformed-request',
    because: 'the same: it would overflow the stack of whoever writes it out again',
  },
  {
    what: '64 KiB',
    send: text(order + ' '.repeat(64 * KIB - order.length)),
    answer: '201',
    because: 'white space means nothing, and this is the limit',
  },
  {
    what: '64 KiB and one byte',
    send: text(order + ' '.repeat(64 * KIB - order.length + 1)),
    answer: '413 too-large',
    because: 'the largest order has 4 KiB',
  },
  {
    what: '10 MiB',
    send: text(' '.repeat(10 * KIB * KIB)),
    answer: '413 too-large',
    because: 'the largest order has 4 KiB',
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'].map(
    (type) => ({
      what: `as ${type}`,
      send: headers({ 'content-type': type }),
      answer: '415 unsupported-media-type',
      because: ONLY_JSON,
    }),
  ),
  ...['application/merge-patch+json', 'application/jsonp', 'text/json', 'json'].map((type) => ({
    what: `as ${type}`,
    send: headers({ 'content-type': type }),
    answer: '415 unsupported-media-type',
    because: 'it is another format, or none',
  })),
  {
    what: 'without a content type',
    send: headers({ 'content-type': null }),
    answer: '415 unsupported-media-type',
    because: 'guessing what bytes mean is how they come to mean two things',
  },
  {
    what: 'as JSON in UTF-16',
    send: headers({ 'content-type': 'application/json; charset=utf-16' }),
    answer: '415 unsupported-media-type',
    because: 'JSON is UTF-8 between systems (RFC 8259)',
  },
  {
    what: 'as JSON in capitals, in UTF-8',
    send: headers({ 'content-type': 'APPLICATION/JSON; charset="UTF-8"' }),
    answer: '201',
    because: 'names of types have no case',
  },
  ...['gzip', 'deflate', 'br', 'zstd', 'gzip, identity', 'GZIP'].map((encoding) => ({
    what: `in the encoding ${encoding}`,
    send: { headers: { 'content-encoding': encoding }, body: gzipSync(order) },
    answer: '415 unsupported-media-type',
    because: BOMB,
  })),
  {
    what: 'ten megabytes, zipped to ten thousand',
    send: { headers: { 'content-encoding': 'gzip' }, body: gzipSync(' '.repeat(10 * KIB * KIB)) },
    answer: '415 unsupported-media-type',
    because: BOMB,
  },
  {
    what: 'zipped, and not said so',
    send: { body: gzipSync(order) },
    answer: '400 malformed-request',
    because: 'zipped bytes are not UTF-8',
  },
  {
    what: 'in no encoding at all',
    send: headers({ 'content-encoding': 'identity' }),
    answer: '201',
    because: 'identity says that it is as it is',
  },
];
