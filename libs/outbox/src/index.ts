export { archivePublished } from './archive-published.js';
export {
  stage,
  stagingParameters,
  stagingSql,
  type StagedEvent,
  type StagingSql,
} from './stage.js';
export { outboxTables } from './tables.js';
