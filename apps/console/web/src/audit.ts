import type { Audit, AuditVerdict, ExaminedInvariant } from '@checkout/api';

/** The whole audit in a few words, for the badge; and whether they are good ones. */
export interface Badge {
  readonly state: 'held' | 'violated' | 'unknown' | 'running';
  readonly text: string;
}

export function badgeOf(audit: Audit): Badge {
  if (audit.running) return { state: 'running', text: 'Audit running…' };
  const { status, verdict } = audit;
  if (status === 'never-run') return { state: 'unknown', text: 'Not audited yet' };
  if (!verdict) return { state: 'unknown', text: 'No verdict' };
  if (status === 'held') {
    return { state: 'held', text: `All invariants hold · ${counted(verdict.orders, 'order')}` };
  }
  if (hasNothingToJudge(audit)) return { state: 'unknown', text: 'Nothing to audit yet' };
  const violated = violatedOf(verdict);
  return { state: 'violated', text: `${violated.length} violated` };
}

/** No order yet, and nothing that is there without one: not good, and not broken. */
export function hasNothingToJudge({ verdict }: Audit): boolean {
  return verdict?.orders === 0 && violatedOf(verdict).every(({ id }) => id === 'A33');
}

export function violatedOf({ invariants }: AuditVerdict): readonly ExaminedInvariant[] {
  return invariants.filter(({ verdict }) => verdict === 'VIOLATED');
}

/** What is broken comes first; else in the order of their numbers. */
export function byUrgency(invariants: readonly ExaminedInvariant[]): readonly ExaminedInvariant[] {
  return invariants.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

const rank = ({ verdict }: ExaminedInvariant): number => (verdict === 'VIOLATED' ? 0 : 1);

export function counted(count: number, what: string): string {
  return `${number.format(count)} ${count === 1 ? what : `${what}s`}`;
}

export const number = new Intl.NumberFormat();

/** From 300 ms on, people think in seconds. */
export function duration(milliseconds: number): string {
  if (milliseconds < 300) return `${milliseconds} ms`;
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
