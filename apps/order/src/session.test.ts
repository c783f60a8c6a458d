import {
  EncryptJWT,
  exportSPKI,
  generateKeyPair,
  type GenerateKeyPairResult,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { now } from './clock.js';
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

const CUSTOMER = '0190a6b2-6f00-7000-8000-0000000000aa';
const HOUR_MS = 3_600_000;
const inHours = (hours: number): Date => new Date(now().getTime() + hours * HOUR_MS);
const keyOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);

interface Claims {
  header?: Partial<JWTHeaderParameters>;
  algorithm?: string;
  subject?: string;
  issuer?: string;
  audience?: string;
  issuedAt?: Date;
  expires?: Date;
}

function claimed({
  header,
  algorithm,
  subject,
  issuer,
  audience,
  issuedAt,
  expires,
}: Claims = {}): SignJWT {
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm ?? 'HS256', ...header })
    .setSubject(subject ?? CUSTOMER)
    .setIssuer(issuer ?? 'checkout-order')
    .setAudience(audience ?? 'checkout-api')
    .setIssuedAt(issuedAt ?? now())
    .setExpirationTime(expires ?? inHours(1));
}

const unlimited = (): SignJWT =>
  new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(CUSTOMER)
    .setIssuer('checkout-order')
    .setAudience('checkout-api')
    .setIssuedAt(now());

let keyPair: Promise<GenerateKeyPairResult> | undefined;
const rsa = () => (keyPair ??= generateKeyPair('RS256'));

/** Another last bit. */
function flipped(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0]! ^= 1;
  return bytes.toString('base64url');
}

const ordersWith = (headers: Record<string, string>) =>
  order.app.inject({ url: '/api/orders', headers });

describe('a token', () => {
  test('of our own making is accepted', async () => {
    const token = await claimed().sign(keyOf(SECRET));
    expect((await ordersWith({ authorization: `Bearer ${token}` })).statusCode).toBe(200);
  });

  const unsecured = (alg: string) => {
    const token = new UnsecuredJWT()
      .setSubject(CUSTOMER)
      .setIssuer('checkout-order')
      .setAudience('checkout-api')
      .setIssuedAt(now())
      .setExpirationTime(inHours(1))
      .encode();
    return `${encoded({ alg, typ: 'JWT' })}.${token.split('.')[1]}.`;
  };
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** A good token with one of its three parts changed. */
  const tampered = async (part: 0 | 1 | 2, change: (text: string) => string) => {
    const parts = (await claimed().sign(keyOf(SECRET))).split('.');
    return parts.map((text, i) => (i === part ? change(text) : text)).join('.');
  };
  const ofAnother = (payload: string) => {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    return encoded({ ...claims, sub: '0190a6b2-6f00-7000-8000-0000000000bb' });
  };

  test.each<[string, () => string | Promise<string>]>([
    ['without a signature (alg none)', () => unsecured('none')],
    ['without a signature (alg None)', () => unsecured('None')],
    ['without a signature, which says HS256', () => unsecured('HS256')],
    ['with its signature cut off', () => tampered(2, () => '')],
    ['with one bit of its signature changed', () => tampered(2, flipped)],
    ['for another customer, with the signature of ours', () => tampered(1, ofAnother)],
    [
      'whose header says none, with a good signature',
      () => tampered(0, () => encoded({ alg: 'none' })),
    ],
    [
      'whose header says where to fetch its key',
      () => claimed({ header: { jku: 'http://127.0.0.1/keys' } }).sign(keyOf('another secret')),
    ],
    [
      'whose header names a file as its key',
      () => claimed({ header: { kid: '../../../../dev/null' } }).sign(keyOf('-')),
    ],
    [
      'whose header asks for something we do not know',
      () =>
        claimed({ header: { crit: ['exp'], exp: 1 } }).sign(keyOf(SECRET), { crit: { exp: true } }),
    ],
    [
      'signed with an RSA key',
      async () => claimed({ algorithm: 'RS256' }).sign((await rsa()).privateKey),
    ],
    [
      'signed with a public key as if it were the secret',
      async () => claimed().sign(keyOf(await exportSPKI((await rsa()).publicKey))),
    ],
    [
      'that is encrypted',
      () =>
        new EncryptJWT({ sub: CUSTOMER })
          .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
          .encrypt(keyOf(SECRET).slice(0, 32)),
    ],
    ['signed with another secret', () => claimed().sign(keyOf(`${SECRET}!`))],
    ['signed with another algorithm', () => claimed({ algorithm: 'HS512' }).sign(keyOf(SECRET))],
    [
      'issued in the future',
      () => claimed({ issuedAt: inHours(1), expires: inHours(2) }).sign(keyOf(SECRET)),
    ],
    ['not valid before tomorrow', () => claimed().setNotBefore(inHours(24)).sign(keyOf(SECRET))],
    ['that never expires', () => unlimited().sign(keyOf(SECRET))],
    ['for another audience', () => claimed({ audience: 'another' }).sign(keyOf(SECRET))],
    ['by another issuer', () => claimed({ issuer: 'another' }).sign(keyOf(SECRET))],
    ['for nobody in particular', () => claimed({ subject: 'admin' }).sign(keyOf(SECRET))],
    ['that is no token', () => 'letmein'],
    ['that is empty', () => ''],
  ])('%s is refused', async (_name, forge) => {
    const answer = await ordersWith({ authorization: `Bearer ${await forge()}` });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
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
