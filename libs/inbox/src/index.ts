export {
  inboxBatchProcessor,
  type InboxOptions,
  type Process,
  type Received,
} from './inbox-processor.js';
export { knownDeliveries } from './known-deliveries.js';
export { repeatsTable } from './repeats.js';
export { inboxTables } from './tables.js';
