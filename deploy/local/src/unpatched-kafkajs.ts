/**
 * kafkajs as it was published, as far as one patch goes: a copy beside the installed one, which is
 * left as it is.
 */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from './environment.ts';

const patches = join(repository, 'libs/eos/patches');

export interface KafkajsCopy {
  readonly folder: string;
  /** Of Node: a process with these loads the copy. */
  readonly flags: readonly string[];
  remove(): void;
}

/** Without one patch, or its part in one file. */
export function copyKafkajsWithout(patch: string, part?: string): KafkajsCopy {
  const installed = dirname(createRequire(import.meta.url).resolve('kafkajs/package.json'));
  const folder = mkdtempSync(join(tmpdir(), 'eos-kafkajs-'));
  cpSync(installed, folder, { recursive: true });
  const [file = ''] = globSync(`*+${patch}.patch`, { cwd: patches });
  for (const [path, hunks] of changesIn(readFileSync(join(patches, file), 'utf8'))) {
    if (part !== undefined && path !== part) continue;
    const patched = readFileSync(join(installed, path), 'utf8');
    writeFileSync(join(folder, path), hunks.reduce(takenBack, patched));
  }
  const hook = new URL('../use-kafkajs.mjs', import.meta.url);
  hook.searchParams.set('folder', folder);
  return {
    folder,
    flags: ['--import', hook.href],
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
