import { holdsCardNumber } from '@checkout/nest-service';
import { randomBytes } from 'node:crypto';

/** W3C trace context, version 00; all-zero ids are invalid. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * Goes on with the caller's trace under a span of our own, or begins a trace. It is stored with the
 * order's events, so one that could hide a card number is left behind: of those that are drawn, one
 * in three hundred, and to refuse them would be to refuse an order for nothing.
 */
export function traceparentOf(header: string | undefined): string {
  const span = randomBytes(8).toString('hex');
  const caller = TRACEPARENT.exec(header ?? '');
  if (caller?.[1] && !couldHideCard(caller[1])) return `00-${caller[1]}-${span}-${caller[2]}`;
  return `00-${randomBytes(16).toString('hex')}-${span}-01`;
}

/** Digits of an id have no ends: a card may stand anywhere among them. */
function couldHideCard(id: string): boolean {
  return CARD_LENGTHS.some((length) =>
    Array.from(id, (_, at) => id.slice(at, at + length)).some(holdsCardNumber),
  );
}

const CARD_LENGTHS = [12, 13, 14, 15, 16, 17, 18, 19];
