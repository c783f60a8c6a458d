import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as published from 'kafkajs';
import type { AbortedFilter } from '../patch-check.js';

const FILTER = 'src/consumer/filterAbortedMessages.js';
const PATCH = '../../patches/kafkajs+2.2.4+001+aborted-filter.patch';
const installed = dirname(createRequire(import.meta.url).resolve('kafkajs/package.json'));

/** kafkajs as it was published, as far as aborted records go; the other patches stay. */
export function kafkajsWithTheLeak(): {
  readonly kafkajs: typeof published;
  readonly filter: AbortedFilter;
  load(path: string): unknown;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'eos-kafkajs-'));
  cpSync(installed, folder, { recursive: true });
  const patched = readFileSync(join(installed, FILTER), 'utf8');
  const patch = readFileSync(fileURLToPath(new URL(PATCH, import.meta.url)), 'utf8');
  writeFileSync(join(folder, FILTER), withoutPatch(patched, patch));
  const load = createRequire(join(folder, 'index.js'));
  return {
    kafkajs: load('./index.js') as typeof published,
    filter: load(`./${FILTER}`) as AbortedFilter,
    load: (path): unknown => load(path.replace('kafkajs', folder)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Takes each hunk of a one-file patch back. Throws when the text is not the patched one. */
function withoutPatch(text: string, patch: string): string {
  const hunks = patch.split(/^@@.*@@.*\n/m).slice(1);
  return hunks.reduce((reverted, hunk) => {
    const lines = hunk.replace(/\n$/, '').split('\n');
    const side = (other: string): string =>
      lines.flatMap((line) => (line.startsWith(other) ? [] : [line.slice(1)])).join('\n');
    const [before, after] = [side('+'), side('-')];
    if (!reverted.includes(after)) throw new Error(`not patched:\n${after}`);
    return reverted.replace(after, () => before);
  }, text);
}
