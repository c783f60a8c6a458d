import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as published from 'kafkajs';
import type { Load } from '../patch-check.js';

export type Patch =
  | 'aborted-filter'
  | 'idle-timer'
  | 'grouping'
  | 'static-membership'
  | 'compacted-batches'
  | 'partition-fetch'
  | 'flat-encoding'
  | 'flat-decoding';

const patches = join(import.meta.dirname, '../../patches');
/** Of what is installed, patches and all. */
export const installed: Load = createRequire(import.meta.url);
const folderOf = dirname(createRequire(import.meta.url).resolve('kafkajs/package.json'));

export interface Unpatched {
  readonly kafkajs: typeof published;
  readonly load: Load;
  readonly folder: string;
  remove(): void;
}

/** kafkajs as it was published, as far as one patch goes, or its part in one file. */
export function kafkajsWithout(patch: Patch, part?: string): Unpatched {
  const folder = mkdtempSync(join(tmpdir(), 'eos-kafkajs-'));
  cpSync(folderOf, folder, { recursive: true });
  const [file = ''] = globSync(`*+${patch}.patch`, { cwd: patches });
  for (const [path, hunks] of changesIn(readFileSync(join(patches, file), 'utf8'))) {
    if (part !== undefined && path !== part) continue;
    const patched = readFileSync(join(folderOf, path), 'utf8');
    writeFileSync(join(folder, path), hunks.reduce(takenBack, patched));
  }
  const load = createRequire(join(folder, 'index.js'));
  return {
    kafkajs: load('./index.js') as typeof published,
    folder,
    load: (path): unknown => load(path.replace('kafkajs', folder)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** By file; types are of no use at run time, and a later patch may have changed them again. */
function changesIn(patch: string): [path: string, hunks: string[]][] {
  const [, ...files] = patch.split(/^diff --git a\/node_modules\/kafkajs\//m);
  return files.flatMap((text): [string, string[]][] => {
    const path = text.slice(0, text.indexOf(' '));
    return path.endsWith('.d.ts') ? [] : [[path, text.split(/^@@.*@@.*\n/m).slice(1)]];
  });
}

/** Throws when the text is not the patched one. */
function takenBack(text: string, hunk: string): string {
  const lines = hunk.replace(/\n$/, '').split('\n');
  const side = (other: string): string =>
    lines.flatMap((line) => (line.startsWith(other) ? [] : [line.slice(1)])).join('\n');
  const [before, after] = [side('+'), side('-')];
  if (!text.includes(after)) throw new Error(`not patched:\n${after}`);
  return text.replace(after, () => before);
}
