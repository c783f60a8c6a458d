import { posix } from 'node:path';
import type { Files } from './workspace.js';

/**
 * Static and dynamic imports, re-exports; what a page or a style sheet loads; `new URL('./x',
 * import.meta.url)`.
 */
const SPECIFIERS: readonly RegExp[] = [
  /(?:[}\w*]\s+from|^\s*import|[^\w.]import\()\s*['"]([\w@./:?#-]+)['"]/gm,
  /(?:<script[^>]*\bsrc=|<link[^>]*\bhref=|@import\s+|\burl\()['"]([\w@./-]+)['"]/g,
  /\bnew URL\(\s*['"](\.[\w@./-]+)['"]/g,
];

export function specifiersIn(text: string): string[] {
  return SPECIFIERS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
}

/** `./codec.js` is written and `./codec.ts` is meant; Vite also takes names without an ending. */
export function resolveRelative(files: Files, from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.') && !specifier.startsWith('/')) return undefined;
  const path = specifier.split('?')[0] ?? '';
  const target = path.startsWith('/')
    ? posix.join(posix.dirname(from), path.slice(1))
    : posix.join(posix.dirname(from), path);
  const stem = target.replace(/\.m?js$/, '');
  const candidates = [target, `${stem}.ts`, `${stem}.tsx`, `${target}.ts`, `${target}.tsx`];
  return candidates.find((candidate) => files.has(candidate));
}
