import type { Evidence } from './evidence/evidence.js';
import type { LogView } from './log-view.js';

/** What an invariant is given: the evidence as it was read, and Kafka's part of it understood. */
export interface Case {
  readonly evidence: Evidence;
  readonly log: LogView;
}
