import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const root = dirname(dirname(import.meta.dirname));

/**
 * Writes Nx's project graph, with which the boundary rule works: without one on disk the rule
 * prints a warning and passes everything, and an old one does not know the tags of today.
 */
export function projectGraphOnDisk() {
  const nx = require.resolve('nx/bin/nx.js');
  const environment = { ...process.env, NX_DAEMON: 'false' };
  execFileSync(process.execPath, [nx, 'show', 'projects'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const written = join(root, '.nx/workspace-data/project-graph.json');
  if (!existsSync(written)) throw new Error(`Nx wrote no project graph at ${written}`);
}
