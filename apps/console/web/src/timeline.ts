import type { Timeline } from '@checkout/api';

export type Fact = Timeline['facts'][number];

export interface Row {
  readonly name: string;
  readonly value: string;
}

/** Details as a table of words: nested names are joined, and what is absent is left out. */
export function detailRows(details: Fact['details'], prefix = ''): readonly Row[] {
  return Object.entries(details).flatMap(([key, value]) => {
    const name = prefix + spoken(key);
    if (value === null || value === undefined || value === '') return [];
    if (typeof value === 'object' && !Array.isArray(value)) {
      return detailRows(value as Fact['details'], `${name}, `);
    }
    return [{ name, value: text(value) }];
  });
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `idempotencyKey` and `idempotency_key` are said "idempotency key". */
function spoken(key: string): string {
  return key
    .replaceAll('_', ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** How long after the first fact: clocks of one machine, so the steps can be compared. */
export function sinceFirst(facts: readonly Fact[], at: string): string {
  const first = Math.min(...facts.map((fact) => Date.parse(fact.at)));
  const milliseconds = Date.parse(at) - first;
  return milliseconds < 1_000 ? `+${milliseconds} ms` : `+${(milliseconds / 1000).toFixed(2)} s`;
}

/** The timeline in one line. */
export function summary(facts: readonly Fact[]): string {
  const services = new Set(facts.map(({ service }) => service)).size;
  const dropped = facts
    .filter(({ what }) => what === 'repeat')
    .reduce((sum, { details }) => sum + Number(details['times'] ?? 1), 0);
  return [
    `${counted(facts.length, 'fact')} in ${counted(services, 'service')}.`,
    dropped === 0
      ? 'Nothing was delivered twice.'
      : `${counted(dropped, 'repeat')} came and had no effect.`,
  ].join(' ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
