import { expect, it } from 'vitest';
import { assertSettings, SETTINGS, type Settings } from './settings.js';
import { BugError } from './verdicts.js';

it('the numbers of the engine keep their relations', () => {
  expect(() => assertSettings(SETTINGS)).not.toThrow();
});

it.each([
  [{ transactionTimeoutMs: 15_000 }, 'time-out must be below the session time-out'],
  [{ heartbeatMs: 5_001 }, 'three heartbeats must fit into a session'],
  [{ fetchWaitMs: 1_001 }, 'a fetch must not outwait a heartbeat'],
  [{ decideMs: 4_000 }, 'decisions must leave room for heartbeats'],
  [{ transactionBytes: 800_000 }, 'a send must not be larger than a Kafka transaction'],
  [{ fetchBytes: 900_000 }, 'a fetch must be smaller than a send'],
  [{ patienceMs: 25_000 }, 'patience must outlast a session'],
] satisfies [Partial<Settings>, string][])('%o is refused: %s', (change, relation) => {
  expect(() => assertSettings({ ...SETTINGS, ...change })).toThrow(BugError);
  expect(() => assertSettings({ ...SETTINGS, ...change })).toThrow(relation);
});
