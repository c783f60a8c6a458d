/** One tab at a time. Pages served without TLS have no lock manager and go without. */
export function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

/** Beside others of this kind, but never while one is {@link alone}. */
export function beside<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, { mode: 'shared' }, work) : work();
}
