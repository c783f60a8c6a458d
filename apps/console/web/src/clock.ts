/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now();
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The network coming back is the best moment to ask again. */
export async function pauseUnlessOnline(milliseconds: number): Promise<void> {
  const heard = new AbortController();
  const online = new Promise<void>((resolve) =>
    addEventListener('online', () => resolve(), { signal: heard.signal }),
  );
  await Promise.race([pause(milliseconds), online]);
  heard.abort();
}
