/**
 * Node 24, whichever Node a person types with: it lies in node_modules as a package, except where
 * there is none for the platform.
 *
 * npm and npx put it first on the PATH. Who starts a program of node_modules/.bin in another way
 * (an editor, a full path) gets the machine's own Node, in which some of the language is missing;
 * that is said in one line instead of somewhere deep in a test.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const NODE_NEEDED = 24;

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The package's own file: its link in .bin is a shell script on Windows. */
export function projectsNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const packaged = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', file);
  return existsSync(packaged) ? packaged : process.execPath;
}

/** For settings of tools that run our code. */
export function refuseOtherNode() {
  const running = process.versions.node;
  if (Number(running.split('.')[0]) >= NODE_NEEDED) return;
  console.error(
    `This is Node ${running}, and the tests need ${NODE_NEEDED}, which npx brings.  ->  ` +
      'npx nx test @checkout/<name>, or npx vitest with the same arguments',
  );
  process.exit(1);
}
