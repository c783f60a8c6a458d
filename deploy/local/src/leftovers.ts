/**
 * Ends what a killed runner left behind.
 *
 * The danger: the runner is killed with -9, its children live on, and a second start would put two brokers on one data
 * folder. So a start first ends every process that the last one recorded and that is still the same process (number and
 * start time), asks politely, and then does not ask.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, signalGroup } from './process-identity.ts';
import type { RecordedProcess } from './run-folder.ts';

/** PostgreSQL and the broker close their files in about a second; after this they recover at their next start. */
const POLITE_MS = 3_000;

export async function endLeftovers(recorded: readonly RecordedProcess[]): Promise<string[]> {
  const alive = recorded.filter(isAlive);
  for (const { pid } of alive) signalGroup(pid, 'SIGTERM');
  const deadline = performance.now() + POLITE_MS;
  while (alive.some(isAlive) && performance.now() < deadline) await sleep(50);
  for (const { pid } of alive.filter(isAlive)) signalGroup(pid, 'SIGKILL');
  while (alive.some(isAlive)) await sleep(20);
  return alive.map(({ name }) => name);
}
