/** Names one life of one replica of a service. */
export function newLife(service: string, ordinal: number): string {
  return `${service}-${ordinal}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
}
