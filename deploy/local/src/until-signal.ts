import type { System } from './system.ts';

/**
 * A terminal's Ctrl-C arrives twice, from the terminal and from npm: this close together it is one.
 */
const SAME_SIGNAL_MS = 1_000;

/**
 * Starts a system that nobody is to find running afterwards: the first signal ends it in order,
 * also in the middle of its start, and then this process; a second one ends this process at once.
 *
 * After a signal it neither returns nor throws.
 */
export function untilSignal(
  start: (signal: AbortSignal) => Promise<System>,
  exitCode: number,
): Promise<System> {
  const stopped = new AbortController();
  const starting = start(stopped.signal);
  onSignal(async () => {
    console.log('stopping');
    stopped.abort();
    const system = await starting.catch(() => undefined);
    await system?.stop();
    process.exit(exitCode);
  });
  return starting.catch((error: unknown) => {
    if (stopped.signal.aborted) return new Promise(() => undefined);
    throw error;
  });
}

function onSignal(stop: () => Promise<void>): void {
  let firstAt: number | undefined;
  const heard = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      void stop();
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
    process.on(signal, heard);
}
