import type { TestProject } from 'vitest/node';
import { startBroker } from './broker.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the broker that the test files have in common: its topics and groups are theirs. */
    brokers: readonly string[];
    /** Its run folder, for whoever looks at its files. */
    runDir: string;
  }
}

/** Vitest's global set-up: one real broker for all test files, gone afterwards. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await startBroker();
  project.provide('brokers', broker.brokers);
  project.provide('runDir', broker.runDir);
  return broker.stop;
}
