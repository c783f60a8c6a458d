/** The service's clock, in milliseconds. Everything that judges an age takes it as an argument. */
export type Clock = () => number;

/** `skewMs` shifts it, so that a day can pass in a test. */
export function systemClock(skewMs: number): Clock {
  return () => Date.now() + skewMs;
}
