import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '@checkout/local';

/** A real broker of its own. One that is killed is started again, with its data. */
export interface TestBroker {
  readonly brokers: readonly string[];
  readonly runDir: string;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBroker(): Promise<TestBroker> {
  const runDir = mkdtempSync(join(tmpdir(), 'eos-broker-'));
  const system = await startSystem({ only: ['broker'], runDir });
  return {
    brokers: system.brokers,
    runDir,
    kill: async () => {
      system.kill('broker');
      await system.ready('broker');
    },
    stop: async () => {
      await system.stop();
      rmSync(runDir, { recursive: true, force: true });
    },
  };
}
