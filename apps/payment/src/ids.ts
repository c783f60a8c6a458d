/** From 0 to 1, for jitter. */
export type Random = () => number;

export const systemRandom: Random = () => Math.random();

/**
 * Names one life of one replica; its leases carry the name. A restart is another life of the same
 * replica.
 */
export function newIncarnation(ordinal: number): string {
  return `${ordinal}/${Math.random().toString(36).slice(2)}`;
}
