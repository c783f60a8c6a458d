/** When something was observed, in milliseconds: never used to decide anything. */
export function now(): number {
  return Date.now();
}
