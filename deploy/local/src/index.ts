export { startSystem, PartFailed, type System, type SystemOptions } from './system.ts';
export { AlreadyRunning } from './run-folder.ts';
export type { Database } from './databases.ts';
export type { ProcessView } from './supervisor.ts';
