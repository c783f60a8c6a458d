import { createHmac } from 'node:crypto';
import {
  EncryptJWT,
  exportSPKI,
  generateKeyPair,
  type GenerateKeyPairResult,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { now } from '../clock.js';
import { SECRET } from './order-application.js';

export const CUSTOMER = '0190a6b2-6f00-7000-8000-0000000000aa';
const HOUR_MS = 3_600_000;
export const inHours = (hours: number): Date => new Date(now().getTime() + hours * HOUR_MS);
export const keyOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);

export interface Claims {
  header?: Partial<JWTHeaderParameters>;
  algorithm?: string;
  subject?: string;
  issuer?: string;
  audience?: string;
  issuedAt?: Date;
  expires?: Date;
}

export function claimed({
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

/** Other bits. */
function flipped(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0]! ^= 1;
  return bytes.toString('base64url');
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another last letter, and the same bytes: two bits of 43 letters carry nothing. */
function respelt(signature: string): string {
  const other = LETTERS[LETTERS.indexOf(signature.slice(-1)) ^ 1] ?? '';
  const spelt = signature.slice(0, -1) + other;
  const [bytes, same] = [signature, spelt].map((text) => Buffer.from(text, 'base64url'));
  if (!bytes?.equals(same ?? Buffer.of())) throw new Error('the bytes are others');
  return spelt;
}

/** In the alphabet of base64: one of ours that has a letter in which the two differ. */
async function inTheOtherAlphabet(): Promise<string> {
  for (let n = 0; ; n += 1) {
    const token = await claimed().setJti(String(n)).sign(keyOf(SECRET));
    const spelt = token.replaceAll('-', '+').replaceAll('_', '/');
    const [head, body] = token.split('.');
    if (spelt !== token && spelt.startsWith(`${head}.${body}.`)) return spelt;
  }
}

/** By hand, where a library would refuse to make it. */
export function handmade(header: object, change: object, secret = SECRET): string {
  const seconds = Math.floor(now().getTime() / 1_000);
  const ours = { sub: CUSTOMER, iss: 'checkout-order', aud: 'checkout-api', iat: seconds };
  const text = `${encoded(header)}.${encoded({ ...ours, exp: seconds + 3_600, ...change })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

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

/** Tokens that must be refused, each with what is wrong with it. */
export const forgedTokens: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['without a signature (alg none)', () => unsecured('none')],
  ['without a signature (alg None)', () => unsecured('None')],
  ['without a signature, which says HS256', () => unsecured('HS256')],
  ['with its signature cut off', () => tampered(2, () => '')],
  ['with one bit of its signature changed', () => tampered(2, flipped)],
  ['with = behind its signature', () => tampered(2, (text) => `${text}=`)],
  ['with another last letter that means the same bytes', () => tampered(2, respelt)],
  ['in the other alphabet of base64', inTheOtherAlphabet],
  [
    'with its signature in hex',
    () => tampered(2, (text) => Buffer.from(text, 'base64url').toString('hex')),
  ],
  ['with a part more', () => tampered(2, (text) => `${text}.${text}`)],
  ['with a dot behind it', () => tampered(2, (text) => `${text}.`)],
  ['with another behind a comma', async () => `${await claimed().sign(keyOf(SECRET))},a.b.c`],
  ['that is in JSON', () => JSON.stringify({ payload: '', protected: '', signature: '' })],
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
    'whose header brings its own key',
    () =>
      handmade(
        { alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from('its own').toString('base64url') } },
        {},
        'its own',
      ),
  ],
  ['whose header writes the algorithm in another case', () => handmade({ alg: 'hs256' }, {})],
  ['whose header names no algorithm', () => handmade({ typ: 'JWT' }, {})],
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
  ['signed with no secret', () => handmade({ alg: 'HS256' }, {}, '')],
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
  ['for nobody', () => handmade({ alg: 'HS256' }, { sub: undefined })],
  ['for two customers', () => handmade({ alg: 'HS256' }, { sub: [CUSTOMER, CUSTOMER] })],
  ['whose end is no time', () => handmade({ alg: 'HS256' }, { exp: 'never' })],
  ['for nobody in particular', () => claimed({ subject: 'admin' }).sign(keyOf(SECRET))],
  ['that is no token', () => 'letmein'],
  ['that is empty', () => ''],
];
