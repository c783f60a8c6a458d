import fc from 'fast-check';

/** A header that the document does not have, and why the request is refused for it, if it is. */
export interface StrayHeader {
  readonly name: string;
  readonly value: string;
  readonly refused?: string;
}

/** What browsers, proxies and curious people add; it decides nothing. */
const HARMLESS: readonly (readonly [name: string, value: string])[] = [
  ['accept', 'text/html'],
  ['accept', 'application/xml;q=0.9, nonsense'],
  ['accept-encoding', 'gzip, br, *;q=0'],
  ['accept-version', '9.x'],
  ['cache-control', 'no-cache'],
  ['connection', 'keep-alive, x-idempotency'],
  ['content-language', 'de'],
  ['forwarded', 'for="[::1]";proto=https'],
  ['from', 'somebody@example.com'],
  ['if-match', '"x"'],
  ['if-modified-since', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['if-none-match', '*'],
  ['max-forwards', '0'],
  ['origin', 'http://elsewhere.example'],
  ['prefer', 'return=minimal'],
  ['range', 'bytes=0-0'],
  ['referer', 'http://elsewhere.example/?a=%zz'],
  ['sec-fetch-site', 'cross-site'],
  ['te', 'trailers'],
  ['traceparent', '00-0-0-00'],
  ['user-agent', "'; DROP TABLE orders; --"],
  ['via', '1.1 a, 1.1 b'],
  ['x-forwarded-for', '203.0.113.7, 198.51.100.1'],
  ['x-forwarded-host', 'elsewhere.example'],
  ['x-http-method-override', 'DELETE'],
  ['x-original-url', '/internal/orders'],
];

const drawn = fc.record({
  name: fc.stringMatching(/^x-[a-z]{3,12}$/),
  value: fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim()),
});

/** Some of them, no two of one name; now and then one that must be refused. */
export function strayHeaders(method: string): fc.Arbitrary<readonly StrayHeader[]> {
  const refused: StrayHeader[] = [
    { name: 'expect', value: 'a-miracle', refused: 'the only expectation is 100-continue' },
  ];
  if (method !== 'GET') {
    refused.push({ name: 'content-encoding', value: 'gzip', refused: 'nothing is unpacked' });
  }
  const one = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(...HARMLESS).map(([name, value]) => ({ name, value })),
    },
    { weight: 3, arbitrary: drawn },
    { weight: 1, arbitrary: fc.constantFrom<StrayHeader>(...refused) },
  );
  return fc.uniqueArray(one, { minLength: 1, maxLength: 3, selector: ({ name }) => name });
}

/** Fields of a query that it does not have. */
export function strayQuery(
  documented: readonly string[],
): fc.Arbitrary<Readonly<Record<string, string>>> {
  const names = ['_method', 'callback', 'constructor', 'page', 'limit[]', 'access_token', 'id'];
  const name = fc.oneof(fc.constantFrom(...names), fc.string({ minLength: 1 }));
  return fc
    .array(fc.tuple(name, fc.string()), { minLength: 1, maxLength: 2 })
    .map((fields) => fields.filter(([one]) => !documented.includes(one)))
    .map((fields) => Object.fromEntries(fields));
}
