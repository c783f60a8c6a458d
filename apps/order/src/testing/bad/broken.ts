import { twoCups } from '../order-application.js';
import { type BadInput, type BadRequest, bytes, type Head, headers, text } from './request.js';

const UNREADABLE = '400 malformed-request';
const LATE = '408 request-timeout';
const KEY = 'Idempotency-Key: broken';
const CHUNKED = 'Transfer-Encoding: chunked';

const body = JSON.stringify(twoCups);
const half = body.slice(0, 20);
const chunk = (content: string): string => `${content.length.toString(16)}\r\n${content}\r\n`;
const row = (what: string, sent: (head: Head) => string, answer = UNREADABLE): BadRequest => ({
  what,
  send: bytes(sent),
  answer,
});
/** Our side is closed behind the bytes. */
const cutOff = (what: string, sent: (head: Head) => string): BadRequest => ({
  what,
  send: { ...bytes(sent), ends: true },
  answer: UNREADABLE,
});
const whole = (...more: string[]): ((head: Head) => string) => {
  return (head) => head(KEY, `Content-Length: ${body.length}`, 'Connection: close', ...more) + body;
};
const bare = (...lines: string[]): string => [...lines, '', ''].join('\r\n');

/** Requests that break off, dawdle, or are none: as bytes on a socket. */
export const brokenRequests: readonly BadInput[] = [
  {
    number: 'B33',
    name: 'a request that breaks off, dawdles, or is none',
    because: 'what did not arrive whole was not asked, and is told so as everything else is',
    requests: [
      { what: 'half a body', send: text('{"lines":'), answer: UNREADABLE },
      row(
        'a body that does not arrive to its end in time',
        (head) => head(KEY, `Content-Length: ${body.length}`) + half,
        LATE,
      ),
      row(
        'a chunk that does not arrive in time',
        (head) => head(KEY, CHUNKED) + `5\r\n${body.slice(0, 5)}`,
        LATE,
      ),
      row(
        'headers that do not end in time',
        () => 'POST /api/orders HTTP/1.1\r\nHost: a\r\n',
        LATE,
      ),
      cutOff('a body shorter than it says', (head) => head(KEY, 'Content-Length: 500') + body),
      cutOff('a body cut off within a chunk', (head) => head(KEY, CHUNKED) + `40\r\n${half}`),
      cutOff(
        'a body cut off before the last chunk, though it would be an order',
        (head) => head(KEY, CHUNKED) + chunk(body),
      ),
      row('a key with a line break that begins a header of its own', (head) =>
        head('Idempotency-Key: a\rX-Injected: 1', 'Content-Length: 0', 'Connection: close'),
      ),
      row('a key with NUL', (head) => head('Idempotency-Key: a\0b', 'Content-Length: 0')),
      row('two lengths', (head) => head(KEY, 'Content-Length: 5', 'Content-Length: 6') + body),
      row(
        'a length and chunks, which a proxy may read otherwise than we do',
        (head) => head(KEY, 'Content-Length: 4', CHUNKED) + `${chunk(body)}0\r\n\r\n`,
      ),
      row(
        'a chunk whose length is no number',
        (head) => head(KEY, CHUNKED) + `zz\r\n${body}\r\n0\r\n\r\n`,
      ),
      row(
        'headers of twenty kilobytes',
        (head) => head(`X-Large: ${'x'.repeat(20_000)}`),
        '431 headers-too-large',
      ),
      row('what is not HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
      row('a method that no HTTP has', () => bare('BREW /api/orders HTTP/1.1', 'Host: a')),
      row('no host', (head) => whole()(head).replace('Host: localhost\r\n', '')),
      row(
        'an expectation that is not known',
        whole('Expect: a-discount'),
        '417 expectation-failed',
      ),
      {
        what: 'an expectation that is not known, as another server would hand it on',
        send: headers({ expect: '200-ok' }),
        answer: '417 expectation-failed',
      },
      {
        ...row('no host, in HTTP/1.0', () => bare('GET /api/products HTTP/1.0'), '200'),
        because: 'that version knew no hosts',
      },
      {
        ...row('the same bytes, whole', whole(), '201'),
        because: 'nothing is wrong with them, or the rows above would show nothing',
      },
    ],
  },
];
