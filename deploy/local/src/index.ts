export { startSystem, PartFailed, type System, type SystemOptions } from './system.ts';
export { brokerJarsOf, jars, streamsJars } from './jars.ts';
export { checksum, JavaWitness } from './java-witness.ts';
export { untilSignal } from './until-signal.ts';
export { AlreadyRunning, RunFolder } from './run-folder.ts';
export { Supervisor } from './supervisor.ts';
export type { Database } from './databases.ts';
export type { ProcessView } from './supervisor.ts';
