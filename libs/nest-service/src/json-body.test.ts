import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from './json-body.js';
import { Problem } from './problem.js';

const read = (text: string): unknown => readJson(Buffer.from(text));

function refusal(text: string): { type: string; errors?: { path: string; message: string }[] } {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Problem) return error.getResponse() as ReturnType<typeof refusal>;
  }
  throw new Error(`not refused: ${text}`);
}

describe('a number', () => {
  test.each([
    ...['0', '1', '-1', '42', '100000', '999999999999999', '-0', '0.0', '0e5'],
    ...['1e0', '1E2', '1e+2', '100.0', '12.50', '0.1', '-0.5e-3', '5e-324', '1e21', '1e300'],
    ...['9007199254740991', '9007199254740992', '1.7976931348623157e308'],
  ])('%s is kept as it is written', (written) => {
    expect(read(`{"a":${written}}`)).toEqual({ a: Number(written) });
  });

  test.each([
    ...['0.9999999999999999999', '1.00000000000000000001', '9007199254740993', '1e309', '-1e309'],
    ...['1e-400', '0.1000000000000000055', '123456789012345678', `1.${'0'.repeat(60)}`, '1e9999'],
    `1${'0'.repeat(60_000)}1`,
  ])('%s would be rounded, and is refused', (written) => {
    expect(refusal(`{"a":${written}}`)).toMatchObject({
      type: '/problems/invalid-request',
      errors: [{ path: 'a', message: expect.stringContaining('kept as it is written') as unknown }],
    });
  });

  test.each([
    ['1e309', ''],
    ['[1,2,1e309]', '2'],
    ['{"lines":[{"sku":"a,b[1]{","quantity":1},{"sku":"b","quantity":0.9999999999999999999}]}', 0],
    ['{"a":{"b":1},"c":[[],[0,{"d":[1,1e309]}]]}', 'c.1.1.d.1'],
    ['{"a\\u002eb":1e309}', 'a.b'],
    ['{"4242424242424242":1e309}', ''],
  ])('in %s is named by its path', (text, path) => {
    const [fault] = refusal(text).errors ?? [];
    expect(fault?.path).toBe(path === 0 ? 'lines.1.quantity' : path);
  });

  test('within a text is text', () => {
    const value = { a: '1e309', '1e309': '0.9999999999999999999', b: '\\"1e309' };
    expect(read(JSON.stringify(value))).toEqual(value);
  });
});

test('a number of fifteen digits is kept, however it is written', () => {
  const number = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), fc.nat({ max: 15 }), fc.integer())
    .map(([digits, point, power]) => {
      const text = String(digits);
      const at = text.length - Math.min(point, text.length - 1);
      const fraction = at < text.length ? `.${text.slice(at)}` : '';
      return { text: `${text.slice(0, at)}${fraction}e${power % 200}`, digits };
    });
  fc.assert(
    fc.property(number, ({ text, digits }) => {
      const { a } = read(`{"a":${text}}`) as { a: number };
      // Written out to its digits, it is what was written.
      const [mantissa = ''] = a.toPrecision(15).replace('.', '').split('e');
      const significant = (all: string): string => all.replaceAll(/^0+|0+$/g, '');
      expect(significant(mantissa)).toBe(significant(String(digits)));
    }),
    { numRuns: 5_000 },
  );
});

test('whatever a program writes as JSON is read as it was meant', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('"__proto__"'));
      expect(read(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 2_000 },
  );
});
