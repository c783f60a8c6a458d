import { PoisonError } from '@checkout/eos';

/**
 * Poison: this event never, whoever tries. Besides what a handler calls so, it is what PostgreSQL
 * says of the data: class 22 (a value that does not fit) and 23 (a constraint that forbids it).
 * Everything else may succeed later.
 */
export function isPoison(error: unknown): boolean {
  if (error instanceof PoisonError) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^2[23]...$/.test(code);
}
