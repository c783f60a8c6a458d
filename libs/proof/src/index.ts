export { audit, type Audit, type MomentaryAudit, type AuditOptions } from './audit.js';
export { type CounterExample } from './invariant.js';
export { type InvariantResult, type Verdict } from './verdict.js';
export { reportOf } from './report.js';
export { historyLine, readLine, requestHash, sha256 } from './recordings/client-history.js';
export { type ClientOperation, type ClientRead } from './evidence/recordings.js';
