/**
 * One thing that a service knows of an order, as `GET /internal/orders/{id}/facts` tells it: what a
 * timeline is made of.
 */
export interface KnownFact {
  /** When it became durable there, ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  /** Short name of the kind of fact. */
  readonly what: string;
  /** In plain words. */
  readonly text: string;
  /** Where to find it. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface KnownFactsOf<Service extends string = string> {
  readonly service: Service;
  readonly facts: readonly KnownFact[];
}

/** In the order of their times. */
export function inTime(facts: readonly KnownFact[]): KnownFact[] {
  return facts.toSorted((a, b) => Number(a.at > b.at) - Number(a.at < b.at));
}
