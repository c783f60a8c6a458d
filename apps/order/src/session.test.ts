import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  claimed,
  type Claims,
  CUSTOMER,
  forgedTokens,
  handmade,
  inHours,
  keyOf,
} from './testing/forged-tokens.js';
import {
  bearer,
  orderApplication,
  type OrderApplication,
  SECRET,
  signIn,
} from './testing/order-application.js';

let order: OrderApplication;
beforeAll(async () => {
  order = await orderApplication();
}, 30_000);
afterAll(() => order.stop());

const ordersWith = (headers: Record<string, string>) =>
  order.app.inject({ url: '/api/orders', headers });

describe('a token', () => {
  test.each([
    ['of our own making', () => claimed().sign(keyOf(SECRET))],
    ['made by hand, as those are that are refused below', () => handmade({ alg: 'HS256' }, {})],
  ])('%s is accepted', async (_what, make) => {
    const authorization = `Bearer ${await make()}`;
    expect((await ordersWith({ authorization })).statusCode).toBe(200);
  });

  test.each(forgedTokens)('%s is refused', async (_name, forge) => {
    const answer = await ordersWith({ authorization: `Bearer ${await forge()}` });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
  });

  test.each(forgedTokens)('%s is refused in a cookie', async (_name, forge) => {
    const answer = await ordersWith({ cookie: `session=${await forge()}` });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
  });

  test.each<[string, (token: string) => string]>([
    ['with an escape', (token) => `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`],
    ['in quotation marks', (token) => `"${token}"`],
  ])('of ours is refused in a cookie that has it %s', async (_what, spelt) => {
    const token = await claimed().sign(keyOf(SECRET));
    expect((await ordersWith({ cookie: `a=b; session=${token}; c` })).statusCode).toBe(200);
    const answer = await ordersWith({ cookie: `a=b; session=${spelt(token)}; c` });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
  });

  test.each<[string, Claims]>([
    ['that has expired', { issuedAt: inHours(-2), expires: inHours(-1) }],
    [
      'that is older than 12 hours, whatever it says itself',
      { issuedAt: inHours(-13), expires: inHours(1) },
    ],
  ])('%s is told so: the page can open a new session', async (_name, claims) => {
    const token = await claimed(claims).sign(keyOf(SECRET));
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `session=${token}` }]) {
      const answer = await ordersWith(headers);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      expect(answer.json()).toMatchObject({ type: '/problems/session-expired', status: 401 });
    }
  });

  test('that has expired and was signed by another is not told anything', async () => {
    const expired = claimed({ issuedAt: inHours(-2), expires: inHours(-1) });
    const token = await expired.sign(keyOf(`${SECRET}!`));
    const answer = await ordersWith({ authorization: `Bearer ${token}` });
    expect(answer.json()).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
  });

  test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'bearer: x', 'Token x', ''])(
    'in a header that says %j is refused',
    async (authorization) => {
      expect((await ordersWith({ authorization })).statusCode).toBe(401);
    },
  );

  test('that was accepted before lets in nobody who changes it', async () => {
    const token = await claimed().sign(keyOf(SECRET));
    const changed = token.replace(
      /\.(.)([^.]*)$/,
      (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`,
    );
    for (const sent of [token, changed, token, changed]) {
      const answer = await ordersWith({ authorization: `Bearer ${sent}` });
      expect(answer.statusCode).toBe(sent === token ? 200 : 401);
    }
  });

  test.each([
    ['another', 'session=letmein'],
    ['the same', null],
    ['an empty one', 'session='],
  ])('in a cookie, and %s in a second one, is a request of nobody', async (_what, other) => {
    const { token } = await signIn(order.app);
    const own = `session=${token}`;
    expect((await ordersWith({ cookie: `a=1; ${own}; sessions=2` })).statusCode).toBe(200);
    for (const pair of [
      [own, other ?? own],
      [other ?? own, own],
    ]) {
      for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
        const answer = await ordersWith({ ...headers, cookie: pair.join(';') });
        expect(answer.statusCode).toBe(400);
        expect(answer.json()).toMatchObject({
          type: '/problems/malformed-request',
          detail: 'The cookie session is there twice. Send it once.',
        });
      }
    }
  });

  test('in a header that is wrong is not made good by a cookie', async () => {
    const { token } = await signIn(order.app);
    const both = { authorization: 'Bearer letmein', cookie: `session=${token}` };
    expect((await ordersWith(both)).statusCode).toBe(401);
  });
});

describe('a session', () => {
  test('is opened for a new customer, as token and as cookie', async () => {
    const answer = await order.app.inject({ method: 'POST', url: '/api/session' });
    expect(answer.statusCode).toBe(201);
    const { token } = answer.json<{ token: string }>();
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toContain(`session=${token};`);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await ordersWith({ cookie: `session=${token}` })).statusCode).toBe(200);
  });

  test('is opened for a named customer in demo mode', async () => {
    const customer = await signIn(order.app, CUSTOMER);
    expect(customer.customerId).toBe(CUSTOMER);
    expect((await ordersWith(bearer(customer))).statusCode).toBe(200);
  });

  test.each([{ customerId: 'admin' }, { customerId: CUSTOMER, role: 'admin' }, []])(
    'is not opened for %j',
    async (payload) => {
      const answer = await order.app.inject({ method: 'POST', url: '/api/session', payload });
      expect(answer.statusCode).toBe(400);
    },
  );
});
