import { type Files, isMarkdown, isSource, type Report } from '../workspace.js';

/**
 * Code on a page of `docs/` is a piece of a source file, letter by letter but for white space: it
 * compiles and is tested there, and whoever changes it there is told that a page shows it. Examples
 * in a README are about its own code and name things that a reader has.
 */
export function copiedCode(files: Files): Report {
  const sources = [...files].filter(([path]) => isSource(path)).map(([, text]) => squeezed(text));
  const blocks = [...files]
    .filter(([path]) => path.startsWith('docs/') && isMarkdown(path))
    .flatMap(([path, text]) => blocksOf(text).map((block) => ({ path, ...block })));
  const findings = blocks
    .filter(({ code }) => !sources.some((source) => source.includes(squeezed(code))))
    .map(({ path, line }) => `${path}:${line}: this code is in no source file`);
  return { looked: blocks.length, findings };
}

function blocksOf(text: string): { line: number; code: string }[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(({ index, 1: code = '' }) => {
    return { line: text.slice(0, index).split('\n').length, code };
  });
}

function squeezed(code: string): string {
  return code.replaceAll(/\s+/g, '');
}
