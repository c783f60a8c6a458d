import { setTimeout as pause } from 'node:timers/promises';

/**
 * Sends on a schedule, whatever the answers do, and counts from the moment a request was due. A
 * generator that waits for answers slows down with the system that it measures, and hides just the
 * waiting that a customer would feel.
 */
export interface OpenLoop<T> {
  readonly perSecond: number;
  readonly count: number;
  send(n: number): Promise<T>;
}

export interface Sent<T> {
  readonly value: T;
  /** Milliseconds since 1970, with fractions. */
  readonly dueAt: number;
  readonly answeredAt: number;
}

/** Date.now() has whole milliseconds and can be set back. */
export const now = (): number => performance.timeOrigin + performance.now();

/**
 * Rejects when any request fails: a figure over the ones that went well would be another figure.
 */
export async function openLoop<T>({ perSecond, count, send }: OpenLoop<T>): Promise<Sent<T>[]> {
  const begun = now();
  const sent: Promise<Sent<T>>[] = [];
  for (let n = 0; n < count; n++) {
    const dueAt = begun + (n * 1_000) / perSecond;
    const early = dueAt - now();
    if (early > 0) await pause(early);
    const answer = send(n).then((value) => ({ value, dueAt, answeredAt: now() }));
    answer.catch(() => undefined);
    sent.push(answer);
  }
  return Promise.all(sent);
}
