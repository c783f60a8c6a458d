import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from '../process-identity.ts';

/** Looks until it is so; what is waited for is a condition and never a length of time. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${isSo}`);
    await sleep(20);
  }
}

/** A process that has ended and that nobody has asked about yet does not live. */
export function lives(pid: number): boolean {
  return identify(pid) !== undefined;
}
