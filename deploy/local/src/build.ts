/** Builds the services and the topics job with Nx, which builds only what changed. */
import { join } from 'node:path';
import { run } from './command.ts';
import { repository } from './environment.ts';
import type { Surroundings } from './part.ts';
import { serviceNames } from './services.ts';

const projects = ['topics', ...serviceNames].map((name) => `@checkout/${name}`);

export async function buildServices({ folder, signal }: Surroundings): Promise<void> {
  const nx = join(repository, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const args = ['run-many', '-t', 'build', '-p', projects.join(','), '--outputStyle=stream'];
  await run(process.execPath, [nx, ...args], {
    log: folder.log('build'),
    // Its daemon would outlive the runner.
    env: { NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true', FORCE_COLOR: '0' },
    signal,
  });
}
