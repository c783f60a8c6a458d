import type { Stopwatch } from './verdict.js';

/** Milliseconds since it was made: for limits and durations, never for what is judged. */
export function stopwatch(): Stopwatch {
  const from = performance.now();
  return () => performance.now() - from;
}

/** For the name of a checkpoint. */
export function isoNow(): string {
  return new Date().toISOString();
}
