import { problems } from '@checkout/api';
import { Problem, type Request } from '@checkout/nest-service';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { now } from './clock.js';
import { VerifiedTokens } from './verified-tokens.js';

/**
 * Who is asking: a token signed by this service, in a header or in a cookie.
 *
 * Guarantee: a request acts for the customer whom this service named, and for nobody else.
 * Algorithm, issuer and audience are fixed here and never taken from the token: a token without
 * signature, or signed with another algorithm, key or for another purpose, is refused, and so is
 * one of ours that is spelt in another way.
 * Not promised: revocation. A token is good until it expires.
 */
const ALGORITHM = 'HS256';
const ISSUER = 'checkout-order';
const AUDIENCE = 'checkout-api';
const LIFE_SECONDS = 12 * 60 * 60;
/**
 * The cookie outlives its token, or the browser would send none, and the answer could not tell a
 * session that has run out from one that never was.
 */
const COOKIE_LIFE_SECONDS = 7 * 24 * 60 * 60;
/** Clocks of two machines differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

const customerIdSchema = z.uuid();

export const SESSION_COOKIE = 'session';

export class Sessions {
  private readonly key: Uint8Array;
  private readonly verified = new VerifiedTokens();

  constructor(secret: string) {
    this.key = new TextEncoder().encode(secret);
  }

  async tokenFor(customerId: string): Promise<string> {
    const issuedAt = now();
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(customerId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(new Date(issuedAt.getTime() + LIFE_SECONDS * 1000))
      .sign(this.key);
  }

  /** The customer's id, or a {@link Problem} with status 401. */
  async customerOf(token: string | null): Promise<string> {
    if (!token) throw notSignedIn('The request has neither a bearer token nor a session cookie.');
    const at = now();
    const known = this.verified.customerOf(token, at);
    if (known !== undefined) return known;
    if (!isAsWeWrite(token)) throw notSignedIn('The token is not one of ours.');
    const { payload } = await jwtVerify(token, this.key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'iat', 'exp'],
      maxTokenAge: LIFE_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: at,
    }).catch((error: unknown) => {
      // Said of a token only once its signature is known to be ours.
      if (error instanceof errors.JWTExpired) throw expired();
      throw notSignedIn('The token is not one of ours.');
    });
    const subject = customerIdSchema.safeParse(payload.sub);
    if (!subject.success) throw notSignedIn('The token names no customer.');
    const customerId = subject.data.toLowerCase();
    this.verified.remember(token, { customerId, endsAt: endOf(payload) });
    return customerId;
  }
}

/**
 * Readers of base64url forgive: a `=` more, another alphabet, bits of the last letter that carry
 * nothing. A token would then have many spellings, and whoever keeps a list of them only one.
 */
function isAsWeWrite(token: string): boolean {
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** The earlier of what the token says itself and what its age allows. */
function endOf({ exp = 0, iat = 0 }: JWTPayload): Date {
  return new Date(Math.min(exp, iat + LIFE_SECONDS) * 1_000);
}

/**
 * The header wins: a wrong one is not made good by a cookie. Two cookies are two customers, and
 * which of them came from here nobody can tell: a page of a neighbouring host can set one.
 */
export function tokenOf(request: Request): string | null {
  const { authorization, cookie = '' } = request.headers;
  const [own, ...more] = valuesIn(cookie, SESSION_COOKIE);
  if (more.length > 0) {
    throw new Problem(problems.malformedRequest, {
      detail: `The cookie ${SESSION_COOKIE} is there twice. Send it once.`,
    });
  }
  if (authorization === undefined) return own ?? null;
  return /^Bearer ([^\s]+)$/i.exec(authorization)?.[1] ?? '';
}

/**
 * As they came: the parser drops all but one, and reads escapes, which would be another spelling of
 * a token. Lines of several headers are joined by Node.
 */
function valuesIn(cookies: string, name: string): string[] {
  return cookies
    .split(';')
    .map((cookie) => /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/.exec(cookie))
    .flatMap((parts) => (parts?.[1] === name ? [parts[2] ?? ''] : []));
}

export function sessionCookie(production: boolean) {
  return {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    maxAge: COOKIE_LIFE_SECONDS,
    secure: production,
  } as const;
}

function notSignedIn(detail: string): Problem {
  return new Problem(problems.unauthenticated, {
    detail,
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** A page can act on this: open a session for the customer it knows, and go on. */
function expired(): Problem {
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
  return new Problem(problems.sessionExpired, { headers });
}
