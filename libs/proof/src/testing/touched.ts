import type { Draft } from './draft.js';

/**
 * Ids in the rows and records that a corruption has changed, added or taken away: what is named for
 * it must be among them. Empty when it has changed an order of things only.
 */
export function touchedIds(before: Draft, after: Draft): ReadonlySet<string> {
  const [was, is] = [countOf(before), countOf(after)];
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((row) => {
    return was.get(row) !== is.get(row);
  });
  return new Set(changed.flatMap((row) => row.match(UUID) ?? []));
}

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/** How often each row is there, as text. */
function countOf(evidence: Draft): Map<string, number> {
  const count = new Map<string, number>();
  for (const row of rowsOf(evidence)) count.set(row, (count.get(row) ?? 0) + 1);
  return count;
}

/** What lies deepest: an object that holds no others. */
function rowsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const parts: unknown[] = Object.values(value);
  if (Array.isArray(value) || parts.some((one) => !isFlat(one))) return parts.flatMap(rowsOf);
  return [JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}` : one))];
}

/** A plain value, or a list of them, such as the headers of a record: part of its row. */
function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((one) => typeof one !== 'object' || one === null);
}
