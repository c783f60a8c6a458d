import { setTimeout as pause } from 'node:timers/promises';

/** What a person does between two requests. */
export async function waited(milliseconds: number, closing: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal: closing }).catch(() => undefined);
}
