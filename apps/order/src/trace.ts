import { randomBytes } from 'node:crypto';

/** W3C trace context, version 00; all-zero ids are invalid. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Goes on with the caller's trace under a span of our own, or begins a trace. */
export function traceparentOf(header: string | undefined): string {
  const span = randomBytes(8).toString('hex');
  const caller = TRACEPARENT.exec(header ?? '');
  if (caller) return `00-${caller[1]}-${span}-${caller[2]}`;
  return `00-${randomBytes(16).toString('hex')}-${span}-01`;
}
