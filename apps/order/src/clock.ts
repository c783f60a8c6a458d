/**
 * The service's own clock: for tokens and time-outs. What an order says of time comes from the
 * database's clock.
 */
export function now(): Date {
  return new Date();
}
