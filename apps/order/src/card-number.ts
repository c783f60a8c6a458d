import { problems } from '@checkout/api';
import { type Fastify, Problem, type Request } from '@checkout/nest-service';

/**
 * Card numbers never enter this system.
 *
 * Guarantee: a request that holds what may be a card number (13 to 19 digits, together or in the
 * groups printed on a card, with a valid check digit), in any field, key or text of its body, in
 * its address or in a header that could be kept, is refused before a handler sees it. It is
 * neither stored nor logged, and the refusal does not repeat it.
 * Threat: a client that was built in a hurry puts the number where a payment method's id belongs,
 * or makes an Idempotency-Key of it. From then on it would be in a database, a topic that is kept
 * for weeks, logs and backups.
 * Not promised: a number that was disguised. One in ten digit strings of that length has a valid
 * check digit by chance: they are refused too, so a clock's digits make a poor Idempotency-Key.
 */
export function refuseCardNumbers(fastify: Fastify): void {
  fastify.addHook('preValidation', async ({ url, headers, body }) => {
    const sent = [url.replaceAll(SPACE, ' '), ...spoken(headers), JSON.stringify(body)];
    if (holdsCardNumber(sent.join('\n'))) throw new Problem(problems.cardNumber);
  });
}

/** As an address writes it. */
const SPACE = /%20|\+/g;
/**
 * Neither stored nor logged here, and full of digits that nobody chose: tracing systems draw them,
 * and a browser sends the cookies of whatever else runs on its host.
 */
const NOT_KEPT = new RegExp(
  '^(traceparent|tracestate|b3|x-b3-.*|x-cloud-trace-context|x-amzn-trace-id' +
    '|cookie|referer|user-agent)$',
);

function spoken(headers: Request['headers']): string[] {
  return Object.entries(headers)
    .filter(([name]) => !NOT_KEPT.test(name))
    .map(([name, value]) => `${name}: ${value?.toString() ?? ''}`);
}

const TOGETHER = /\d{13,}/g;
const IN_GROUPS =
  /(?<!\d)(?:\d{4}([ ._/:,-]{1,2})\d{4}\1\d{4}\1\d{1,7}|\d{4}([ ._/:,-]{1,2})\d{6}\2\d{5})(?!\d)/g;
const LONGEST = 19;
/**
 * 128 bits in hex, as programs draw ids and keys. One in some hundred has enough digits in a row,
 * and a customer must not be refused for the key that his browser drew.
 */
const ID = /\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/gi;

export function holdsCardNumber(text: string): boolean {
  const rest = text.replaceAll(ID, ' ');
  const together = rest.match(TOGETHER) ?? [];
  const inGroups = (rest.match(IN_GROUPS) ?? []).map((found) => found.replaceAll(/\D/g, ''));
  return [...together, ...inGroups].some(
    (digits) => digits.length <= LONGEST && !digits.startsWith('0') && hasValidCheckDigit(digits),
  );
}

/** Luhn: from the right, every second digit is doubled, and its digits are added. */
function hasValidCheckDigit(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
