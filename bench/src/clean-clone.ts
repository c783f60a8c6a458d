import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './machine.js';
import { openFolder } from './open-folder.js';

/**
 * A clone of the last commit in a folder of its own, so that a start finds what a stranger's would
 * find: nothing.
 */
export interface CleanClone {
  readonly folder: string;
  /** As it was when `npm ci` had just ended. */
  clean(): void;
  remove(): void;
}

export function cleanClone(): CleanClone {
  const parent = openFolder('checkout-clone-');
  const folder = join(parent, 'checkout');
  execFileSync('git', ['clone', '--quiet', repository, folder]);
  return {
    folder,
    clean: () => {
      // npm puts what does not fit at the top into the folders of the workspaces.
      execFileSync('git', ['clean', '-fdxq', '-e', 'node_modules'], { cwd: folder });
      rmSync(join(folder, 'node_modules/.cache'), { recursive: true, force: true });
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}
