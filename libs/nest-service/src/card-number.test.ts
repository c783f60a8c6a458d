import { Controller, Module, Post } from '@nestjs/common';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, createApplication } from './application.js';
import { holdsCardNumber, refuseCardNumbers } from './card-number.js';

test.each([
  ['sixteen digits', 'pm_4242424242424242'],
  ['in groups with spaces', 'card 4242 4242 4242 4242, please'],
  ['in groups with dashes', '4000-0566-5566-5556'],
  ['in groups behind a prefix', '"paymentMethod":"pm_4242_4242_4242_4242"'],
  ['in groups with dots', 'idempotency-key: 4242.4242.4242.4242'],
  ['in groups, generously spaced', '4242  4242  4242  4242'],
  ['in groups, three spaces apart', '4242   4242   4242   4242'],
  ['fourteen digits, as printed', '3056 930902 5904'],
  ['fifteen digits, as printed', '3782 822463 10005'],
  ['in groups behind a year', '2026 4242 4242 4242 4242'],
  ['twelve digits of Maestro', '501800000009'],
  ['twelve digits, as printed', '5018 0000 0009'],
  ['thirteen digits', '4222222222222'],
  ['thirteen digits, as printed', '4222 222 222 222'],
  ['sixteen digits, the issuer apart', '424242 4242424242'],
  ['nineteen digits, as printed', '6304 0000 0000 0000 000'],
  ['nineteen digits, the issuer apart', '630400-0000000000000'],
  ['nineteen digits', '6304000000000000000'],
  ['of the newer numbers of an old scheme', '2223003122003222'],
  ['of schemes of other countries', '8171999927660000 and 9792030394440796'],
  ['as a number in JSON', '{"quantity":4242424242424242}'],
  ['as a key in JSON', '{"5555555555554444":1}'],
])('%s is seen', (_name, text) => {
  expect(holdsCardNumber(text)).toBe(true);
});

test.each([
  ['a wrong check digit', '4242424242424241'],
  ['twelve digits', '424242424242'],
  ['twelve digits of another scheme, in groups', '4242 4242 4242'],
  ['twenty digits', '42424242424242424242'],
  ['eighteen digits in groups, with a wrong check digit', '4242 4242 4242 4241 42'],
  ['a number and a time in seconds', '424242-1795639200'],
  ['a uuid', '40000566-5566-4555-8556-400005665566'],
  ['a key of 32 hex digits', 'idempotency-key: 33ee4ed74242424242424242a3ab016c'],
  ['an amount', '{"amount":"99999999"}'],
  ['zeros', '0000000000000000'],
  ['what begins with 1, as airlines have it', '122000000000003'],
  ['what begins with 7, and no scheme does', '7000000000000005'],
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

test('no moment of our days is taken for one, by whatever clock it was told', () => {
  const moment = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2033-05-18T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, fc.nat({ max: 999_999 }), (at, rest) => {
      const digits = String(rest).padStart(6, '0');
      const sinceThen = String(at.getTime());
      const written = at.toISOString().replaceAll(/\D/g, '');
      const clocks = [sinceThen, sinceThen + digits.slice(3), sinceThen + digits];
      const behind = `${digits}-${Math.floor(at.getTime() / 1000)}`;
      for (const key of [...clocks, written, written.slice(0, 14), behind]) {
        expect(holdsCardNumber(`idempotency-key: ${key}`), key).toBe(false);
      }
    }),
    { numRuns: 5_000 },
  );
});

describe('a refusal says where it stands and what to do, and does not repeat it', () => {
  const CARD = '4242424242424242';
  const GROUPS = '5555 5555 5555 4444';

  @Controller()
  class AnyController {
    @Post('any')
    take(): object {
      return {};
    }
  }

  @Module({ controllers: [AnyController] })
  class AnyModule {}

  let app: App;
  const logged: string[] = [];
  beforeAll(async () => {
    const note = (fields: object, message: string): void => {
      logged.push(JSON.stringify(fields) + message);
    };
    app = await createApplication({
      module: AnyModule,
      log: { info: note, warn: note, error: note },
      prepareFastify: refuseCardNumbers,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const METHOD = 'A card is named by the id of its payment method, such as pm_card_visa.';
  const body = (payload: unknown) => ({
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  });

  test.each<[string, object, string]>([
    [
      'The header Idempotency-Key',
      { headers: { 'idempotency-key': `pay ${GROUPS}` } },
      'Name the wish by something that you draw, such as a UUID.',
    ],
    ['The header X-Note', { headers: { 'x-note': CARD } }, 'Leave it out.'],
    ['The name of a header', { headers: { [`x-${CARD}`]: '1' } }, 'Leave it out.'],
    [
      'The path of the address',
      { url: `/any/%34${CARD.slice(1)}` },
      'An address names orders by their ids, and cards not at all.',
    ],
    [
      'The query of the address',
      { url: `/any?note=${GROUPS.replaceAll(' ', '+')}` },
      'An address names orders by their ids, and cards not at all.',
    ],
    ['The body', body(CARD), METHOD],
    ['The field paymentMethod', body({ a: 1, paymentMethod: `pm_${CARD}` }), METHOD],
    ['The field lines.1.sku', body({ lines: [{ sku: 'a' }, { sku: CARD }] }), METHOD],
    ['The field a.b', body({ a: { b: [5555, 5555, 5555, 4444] } }), METHOD],
    ['The name of a field', body({ [CARD]: { [CARD]: CARD } }), METHOD],
    ['The name of a field in a.0', body({ a: [{ [`of ${GROUPS}`]: 1 }] }), METHOD],
    [`The field ${'x'.repeat(100)}`, body({ ['x'.repeat(5_000)]: CARD }), METHOD],
  ])('%s', async (where, request, instead) => {
    const answer = await app.inject({ method: 'POST', url: '/any', ...request });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      type: '/problems/card-number',
      detail: `${where} holds it, and nothing of the request was stored or logged. ${instead}`,
    });
    expect(holdsCardNumber(answer.body)).toBe(false);
    expect(logged).toEqual([]);
  });

  test('and a request without one is let through', async () => {
    const request = { method: 'POST', url: '/any?x=1', ...body({ a: 1 }) } as const;
    expect((await app.inject(request)).statusCode).toBe(201);
  });
});
