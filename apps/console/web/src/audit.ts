import type { Audit, AuditVerdict, ExaminedInvariant } from '@checkout/api';

/** The whole audit in a few words, for the badge; and whether they are good ones. */
export interface Badge {
  readonly state: 'held' | 'violated' | 'unknown' | 'running';
  readonly text: string;
  /** When the judge said so: a verdict holds for what was there then, and for nothing later. */
  readonly at?: string;
}

export function badgeOf(audit: Audit): Badge {
  if (audit.running) return { state: 'running', text: 'Audit running…' };
  const at = audit.finishedAt && { at: audit.finishedAt };
  return { ...verdictOf(audit), ...at };
}

function verdictOf(audit: Audit): Badge {
  const { status, verdict } = audit;
  if (status === 'never-run') return { state: 'unknown', text: 'Not audited yet' };
  if (!verdict) return { state: 'unknown', text: 'No verdict' };
  if (status === 'held') {
    return { state: 'held', text: `All invariants hold · ${counted(verdict.orders, 'order')}` };
  }
  if (status === 'held-for-a-moment') {
    return { state: 'unknown', text: `Held, not at rest · ${counted(verdict.orders, 'order')}` };
  }
  if (standingOf(audit) === 'nothing-yet')
    return { state: 'unknown', text: 'Nothing to audit yet' };
  const violated = violatedOf(verdict);
  return { state: 'violated', text: `${violated.length} violated` };
}

/** Without an order, and without anything that needs one, all is neither good nor broken. */
export function standingOf({ status, verdict }: Audit): Audit['status'] | 'nothing-yet' {
  if (verdict?.orders !== 0) return status;
  return violatedOf(verdict).every(({ id }) => id === 'A33') ? 'nothing-yet' : status;
}

export function violatedOf({ invariants }: AuditVerdict): readonly ExaminedInvariant[] {
  return invariants.filter(({ verdict }) => verdict === 'VIOLATED');
}

/** What is broken comes first, then what follows from it; else in the order of their numbers. */
export function byUrgency(invariants: readonly ExaminedInvariant[]): readonly ExaminedInvariant[] {
  return invariants.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

const URGENT: readonly ExaminedInvariant['verdict'][] = ['VIOLATED', 'EXPLAINED'];

function rank({ verdict }: ExaminedInvariant): number {
  const place = URGENT.indexOf(verdict);
  return place < 0 ? URGENT.length : place;
}

export function counted(count: number, what: string): string {
  return `${number.format(count)} ${count === 1 ? what : `${what}s`}`;
}

export const number = new Intl.NumberFormat();

/** From 300 ms on, people think in seconds. */
export function duration(milliseconds: number): string {
  if (milliseconds < 300) return `${milliseconds} ms`;
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
