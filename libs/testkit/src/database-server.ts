import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '@checkout/local';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a superuser, on the server that all test files of a project have in common. */
    databaseAdminUrl: string;
  }
}

/**
 * Vitest's global set-up of a project whose tests need PostgreSQL: a real one, on a free port, for
 * all its files, gone afterwards. What a file writes lies in databases of its own (see
 * fresh-database.ts).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runDir = await mkdtemp(join(tmpdir(), 'checkout-'));
  // Under root PostgreSQL runs as another user, who must be able to come in.
  await chmod(runDir, 0o755);
  const system = await startSystem({ only: ['postgres'], runDir });
  project.provide('databaseAdminUrl', system.databaseUrl('orders'));
  return async () => {
    await system.stop();
    await rm(runDir, { recursive: true, force: true });
  };
}
