export { archivePublished } from './archive-published.js';
export { knownEvents } from './known-events.js';
export { stage, stagedJson, stagingSql, type StagedEvent, type StagingSql } from './stage.js';
export { outboxTables } from './tables.js';
