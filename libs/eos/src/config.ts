/**
 * The only file of the engine that reads its environment: which guards somebody wants to see gone.
 *
 * Guarantee: none is gone unless it is named, and each runner says aloud which are; in production
 * it does not start. A name that is none is refused, or somebody would believe to have seen it.
 */
import { GUARDS, type Guard } from './guards-off.js';
import type { Log } from './runner.js';
import { BugError } from './verdicts.js';

export function guardsOff(
  log: Log,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly Guard[] {
  const names = (env['GUARDS_OFF'] ?? '').split(',').filter((name) => name !== '');
  if (names.length === 0) return [];
  if ([env['NODE_ENV'], env['RUN_MODE']].includes('production')) {
    throw new BugError(`GUARDS_OFF=${names.join()} is for teaching, and this is production`);
  }
  const guards = names.map(guardNamed);
  const are = `${guards.join(', ')}: RECORDS WILL BE LOST, REPEATED OR MADE UP`;
  log.warn({ guardsOff: guards }, `GUARDS ARE OFF: ${are}`);
  return guards;
}

function guardNamed(name: string): Guard {
  const guard = GUARDS.find((one) => one === name);
  if (guard) return guard;
  throw new BugError(`GUARDS_OFF: there is no guard ${name}; there are ${GUARDS.join(', ')}`);
}
