import { BugError } from './verdicts.js';

/** Every number of the engine, with its unit and its reason. */
export interface Settings {
  /** A member that says nothing for so long has lost its partitions. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** How long the group waits for a member that is busy when it rebalances. */
  readonly rebalanceTimeoutMs: number;
  /** The broker aborts a Kafka transaction that is open for so long. */
  readonly transactionTimeoutMs: number;
  /** A request without an answer for so long has failed, its effect is unknown. */
  readonly requestTimeoutMs: number;
  /** How long the broker holds an empty fetch; it answers at once when data arrives. */
  readonly fetchWaitMs: number;
  readonly fetchBytes: number;
  readonly sendBytes: number;
  /** What one Kafka transaction may hold. */
  readonly recordsPerTransaction: number;
  readonly transactionBytes: number;
  /** Deciding stands still everything else in the process, heartbeats too. */
  readonly decideMs: number;
  /** First and longest pause between two tries. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Failing without a success for so long ends the process. */
  readonly patienceMs: number;
  readonly stopMs: number;
}

export const SETTINGS: Settings = {
  // Long enough for a restart under the same instance id, short enough for a replica to take over.
  sessionTimeoutMs: 15_000,
  heartbeatMs: 1_000,
  // Twice what a commit may take before it is given up.
  rebalanceTimeoutMs: 20_000,
  // Below the session: a worker that lost its partitions has lost its Kafka transaction before.
  transactionTimeoutMs: 10_000,
  requestTimeoutMs: 10_000,
  // One fetch a second costs nothing visible, and stopping waits for one at most.
  fetchWaitMs: 1_000,
  // A full fetch, enriched and sent back, must stay below max.message.bytes (1 MiB).
  fetchBytes: 700_000,
  sendBytes: 900_000,
  // More than a fetch of orders holds: with 1,000 a record costs us an eighth more, and the broker
  // twice as much. What is done again after a crash takes a tenth of a second.
  recordsPerTransaction: 5_000,
  // Some five sends: a tenth of a second on a busy broker, and nothing beside the time-out.
  transactionBytes: 4_500_000,
  // Four partitions that decide in turn leave room for each heartbeat.
  decideMs: 200,
  firstPauseMs: 25,
  longestPauseMs: 2_000,
  // Outlives the restart of a broker; a fault that lasts longer should be seen as a dead process.
  patienceMs: 120_000,
  // The supervisor kills after 5 s.
  stopMs: 4_500,
};

/** The relations that the guarantee or its liveness lean on. */
export function assertSettings(settings: Settings): void {
  const relations: readonly [boolean, string][] = [
    [
      settings.transactionTimeoutMs < settings.sessionTimeoutMs,
      'the Kafka transaction time-out must be below the session time-out',
    ],
    [
      settings.heartbeatMs * 3 <= settings.sessionTimeoutMs,
      'three heartbeats must fit into a session',
    ],
    [settings.fetchWaitMs <= settings.heartbeatMs, 'a fetch must not outwait a heartbeat'],
    [settings.decideMs * 4 < settings.sessionTimeoutMs, 'decisions must leave room for heartbeats'],
    [
      settings.sendBytes <= settings.transactionBytes,
      'a send must not be larger than a Kafka transaction',
    ],
    [settings.fetchBytes < settings.sendBytes, 'a fetch must be smaller than a send'],
    [
      settings.patienceMs > settings.sessionTimeoutMs + settings.transactionTimeoutMs,
      'patience must outlast a session and the Kafka transaction left behind in it',
    ],
  ];
  const broken = relations.filter(([holds]) => !holds).map(([, relation]) => relation);
  if (broken.length > 0) throw new BugError(`engine settings: ${broken.join('; ')}`);
}
