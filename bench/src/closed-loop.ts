import { now } from './open-loop.js';

/**
 * Saturation: so many at a time, each sends its next when its last was answered. It finds out how
 * much a system can do, and says nothing of how long somebody waits who does not wait his turn.
 */
export interface ClosedLoop<T> {
  readonly concurrency: number;
  readonly seconds: number;
  send(): Promise<T>;
}

export interface ClosedLoopResult<T> {
  readonly values: readonly T[];
  /** Until the last answer: what was begun is waited for, and counts. */
  readonly seconds: number;
}

/** Rejects when any request fails. */
export async function closedLoop<T>({ concurrency, seconds, send }: ClosedLoop<T>) {
  const begun = now();
  const end = begun + seconds * 1_000;
  const values: T[] = [];
  const one = async (): Promise<void> => {
    while (now() < end) values.push(await send());
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return { values, seconds: (now() - begun) / 1_000 } satisfies ClosedLoopResult<T>;
}
