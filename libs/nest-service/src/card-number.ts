import { Readable } from 'node:stream';
import { problems } from '@checkout/api';
import type { Fastify, Request } from './application.js';
import { Problem } from './problem.js';

/**
 * Card numbers never enter this system.
 *
 * Guarantee: a request that holds what may be a card number, in its address (however it is
 * escaped there), in a header that could be kept, or in any field, key or text of a body that is
 * read here, is refused before a handler sees it. It is neither stored nor logged, and the refusal
 * says where it stands without repeating it.
 * What may be one: 12 to 19 digits, together or in groups as cards have them (GROUPS, below), that
 * begin as the cards of a payment scheme do and have a valid check digit.
 * Threat: a client that was built in a hurry puts the number where a payment method's id belongs,
 * or makes an Idempotency-Key of it. From then on it would be in a database, a topic that is kept
 * for weeks, logs and backups.
 * Not promised: a number that was disguised, or grouped in another way; cards that no scheme of
 * today issues. One in ten digit strings of that length and beginning has a valid check digit by
 * chance and is refused, too. A clock's digits are not, alone or behind a number of six digits:
 * until 2033 they begin with 1, and a date with its year.
 */
export function refuseCardNumbers(fastify: Fastify): void {
  fastify.addHook('onRequest', async ({ url, headers }) => {
    const parts = headOf(url, headers);
    if (!holdsCardNumber(parts.map(({ text }) => text).join('\n'))) return;
    const found = parts.find(({ text }) => holdsCardNumber(text));
    if (found) throw refusal(found.where, found.instead);
  });
  fastify.addHook('preValidation', async ({ body }) => {
    // Bytes and streams are passed on, and looked at by whoever reads them.
    if (body === undefined || isBytes(body)) return;
    if (holdsCardNumber(JSON.stringify(body))) throw refusal(narrowestPart(body), A_METHOD);
  });
}

const A_METHOD = 'A card is named by the id of its payment method, such as pm_card_visa.';
const A_UUID = 'Name the wish by something that you draw, such as a UUID.';
const AN_ID = 'An address names orders by their ids, and cards not at all.';
const NOTHING = 'Leave it out.';

function refusal(where: string, instead: string): Problem {
  const detail = `${where} holds it, and nothing of the request was stored or logged. ${instead}`;
  return new Problem(problems.cardNumber, { detail });
}

interface Part {
  readonly where: string;
  readonly text: string;
  readonly instead: string;
}

/**
 * Neither stored nor logged as they came (of a trace, the order service keeps what holds no card),
 * and full of digits that nobody chose: tracing systems and
 * signatures draw them, addresses of networks have them in groups, and a browser sends the cookies
 * of whatever else runs on its host.
 */
const NOT_KEPT = new RegExp(
  '^(traceparent|tracestate|b3|x-b3-.*|x-cloud-trace-context|x-amzn-trace-id|sentry-trace|baggage' +
    '|stripe-signature|forwarded|x-forwarded-.*|x-real-ip|.*-(client|connecting)-ip' +
    '|cookie|referer|user-agent)$',
);

function headOf(url: string, headers: Request['headers']): Part[] {
  const [path = '', ...query] = url.split('?');
  return [
    { where: 'The path of the address', text: unescaped(path), instead: AN_ID },
    {
      where: 'The query of the address',
      text: unescaped(query.join('?')).replaceAll('+', ' '),
      instead: AN_ID,
    },
    ...Object.entries(headers)
      .filter(([name]) => !NOT_KEPT.test(name))
      .flatMap(([name, value]) => [
        { where: 'The name of a header', text: name, instead: NOTHING },
        {
          where: `The header ${name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())}`,
          text: value?.toString() ?? '',
          instead: name === 'idempotency-key' ? A_UUID : NOTHING,
        },
      ]),
  ];
}

/** Only ASCII: digits and what stands between them are. What cannot be decoded stays. */
function unescaped(part: string): string {
  return part.replaceAll(/%([0-7][\da-f])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function isBytes(body: unknown): boolean {
  return Buffer.isBuffer(body) || body instanceof Readable;
}

/** Enough to find it, and not a copy of what was sent. */
const LONGEST_PATH = 100;

/** The innermost field that holds it, by its path; in `[4242,4242,4242,4242]` it is the list. */
function narrowestPart(body: unknown): string {
  const path: string[] = [];
  let part = body;
  while (typeof part === 'object' && part !== null) {
    const isList = Array.isArray(part);
    const inner = Object.entries(part).find(
      ([name, value]) =>
        (!isList && holdsCardNumber(name)) || holdsCardNumber(JSON.stringify(value)),
    );
    if (!inner) break;
    if (!isList && holdsCardNumber(inner[0])) return `The name of a field${within(path)}`;
    path.push(inner[0]);
    part = inner[1];
  }
  return path.length === 0 ? 'The body' : `The field ${path.join('.').slice(0, LONGEST_PATH)}`;
}

function within(path: readonly string[]): string {
  return path.length === 0 ? '' : ` in ${path.join('.').slice(0, LONGEST_PATH)}`;
}

const TOGETHER = /\d{12,}/g;
const IN_GROUPS = /\d{4}[ ._/:,-]{1,3}\d{3}/;
const GROUPS = [
  inGroups('\\d{4}', '\\d{4}', '\\d{4}', '\\d{1,7}'),
  inGroups('\\d{4}', '\\d{4}', '\\d{4}', '\\d{4}', '\\d{1,3}'),
  inGroups('\\d{4}', '\\d{4}', '\\d{4}'),
  // Diners and American Express.
  inGroups('\\d{4}', '\\d{6}', '\\d{4,5}'),
  // An old Visa.
  inGroups('\\d{4}', '\\d{3}', '\\d{3}', '\\d{3}'),
  // The issuer and the rest, which is no time in seconds: keys are made of a number and a time.
  inGroups('\\d{6}', '(?!1[4-9]\\d{8}(?!\\d))\\d{10,13}'),
];
const LONGEST = 19;
/**
 * The first digits of payment cards (ISO/IEC 7812): 3 to 6 the old schemes, with 13 digits at
 * least, but for Maestro's; 22 to 27, 81, 82 and 9792 newer ones, with 16. 1 are airlines, and the
 * clocks of our days.
 */
const OF_A_SCHEME = new RegExp(
  '^(?:[3-6]\\d{12}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\\d{8}' +
    '|(?:2[2-7]|8[12])\\d{14}|9792\\d{12})',
);
/**
 * 128 bits in hex, as programs draw ids and keys. One in some hundred has enough digits in a row,
 * and a customer must not be refused for the key that his browser drew.
 */
const ID = /\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/gi;

export function holdsCardNumber(text: string): boolean {
  const rest = text.replaceAll(ID, ' ');
  if (rest.match(TOGETHER)?.some(isCardNumber)) return true;
  // Most texts have no groups at all.
  if (!IN_GROUPS.test(rest)) return false;
  return GROUPS.some((groups) => {
    const found = Array.from(rest.matchAll(groups), ([, one = '']) => one.replaceAll(/\D/g, ''));
    return found.some(isCardNumber);
  });
}

function isCardNumber(digits: string): boolean {
  return digits.length <= LONGEST && OF_A_SCHEME.test(digits) && hasValidCheckDigit(digits);
}

/** With the same between all of them. Looks ahead: a year before a card does not hide it. */
function inGroups(first: string, second: string, ...others: readonly string[]): RegExp {
  const rest = others.map((group) => `\\2${group}`).join('');
  return new RegExp(`(?<!\\d)(?=(${first}([ ._/:,-]{1,3})${second}${rest})(?!\\d))`, 'g');
}

/** Luhn: from the right, every second digit is doubled, and its digits are added. */
function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 1; i <= digits.length; i += 1) {
    const value = Number(digits.at(-i)) * (i % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
