import { QUICK } from '../kit.js';
import type { Settings } from '../../settings.js';

/** As short as the broker and a busy machine allow, in the relations that a service has. */
export const STORM: Settings = {
  ...QUICK,
  sessionTimeoutMs: 2_000,
  transactionTimeoutMs: 1_200,
  rebalanceTimeoutMs: 1_500,
};

/** The broker looks for Kafka transactions that are too old every half second, and for sessions. */
const NOTICED_WITHIN_MS = 700;
/** Who is frozen for so long has lost its partitions, and its Kafka transaction before. */
export const PAUSE_MS = STORM.sessionTimeoutMs + NOTICED_WITHIN_MS;
