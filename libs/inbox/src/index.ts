export {
  inboxBatchProcessor,
  inboxProcessor,
  type InboxBatchOptions,
  type InboxOptions,
  type Process,
  type Received,
} from './inbox-processor.js';
export { inboxTables } from './tables.js';
