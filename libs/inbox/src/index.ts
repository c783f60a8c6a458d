export {
  inboxBatchProcessor,
  type InboxOptions,
  type Process,
  type Received,
} from './inbox-processor.js';
export { inboxTables } from './tables.js';
