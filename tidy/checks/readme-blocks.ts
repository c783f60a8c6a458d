import { blocksOf } from '../readme/blocks.js';
import { type Files, isMarkdown, type Report } from '../workspace.js';

/**
 * Commands on a page are promises: each block says what it ends with, or why the test cannot run
 * it.
 */
export function readmeBlocks(files: Files): Report {
  const pages = [...files].filter(([path]) => isMarkdown(path));
  const blocks = pages.flatMap(([path, text]) => blocksOf(text).map((block) => ({ path, block })));
  const findings = blocks
    .filter(({ block }) => block.promise.kind === 'nothing')
    .map(({ path, block }) => `${path}:${block.line}: says neither what it ends with nor why not`);
  return { looked: blocks.length, findings };
}
