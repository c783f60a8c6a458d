import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsCardNumber } from './card-number.js';

test.each([
  ['sixteen digits', 'pm_4242424242424242'],
  ['in groups with spaces', 'card 4242 4242 4242 4242, please'],
  ['in groups with dashes', '4000-0566-5566-5556'],
  ['in groups behind a prefix', '"paymentMethod":"pm_4242_4242_4242_4242"'],
  ['in groups with dots', 'idempotency-key: 4242.4242.4242.4242'],
  ['in groups, generously spaced', '4242  4242  4242  4242'],
  ['fifteen digits, as printed', '3782 822463 10005'],
  ['thirteen digits', '4222222222222'],
  ['nineteen digits', '6304000000000000000'],
  ['as a number in JSON', '{"quantity":4242424242424242}'],
  ['as a key in JSON', '{"5555555555554444":1}'],
])('%s is seen', (_name, text) => {
  expect(holdsCardNumber(text)).toBe(true);
});

test.each([
  ['a wrong check digit', '4242424242424241'],
  ['twelve digits', '424242424242'],
  ['twenty digits', '42424242424242424242'],
  ['a uuid', '40000566-5566-4555-8556-400005665566'],
  ['a key of 32 hex digits', 'idempotency-key: 33ee4ed74242424242424242a3ab016c'],
  ['an amount', '{"amount":"99999999"}'],
  ['zeros', '0000000000000000'],
])('%s is not a card number', (_name, text) => {
  expect(holdsCardNumber(text)).toBe(false);
});

test('no id that a program draws is taken for one', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 32, maxLength: 32 });
  const drawn = fc
    .tuple(hex, fc.constantFrom('a', 'f'), fc.nat({ max: 31 }))
    .map(([digits, letter, at]) => digits.slice(0, at) + letter + digits.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(drawn, fc.uuid()), (id) => {
      expect(holdsCardNumber(`idempotency-key: ${id}`)).toBe(false);
      expect(holdsCardNumber(`/api/orders/${id}/cancel`)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
