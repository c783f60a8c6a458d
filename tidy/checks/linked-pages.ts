import { posix } from 'node:path';
import { type Files, isMarkdown, type Report } from '../workspace.js';

/**
 * A page that no other page leads to is found by nobody and mended by nobody.
 *
 * A reader begins at the page of a folder, which is shown with it, or at the history of changes,
 * and goes on by links and by paths in the text. A page that only dead pages name is dead too.
 */
export function linkedPages(files: Files): Report {
  const pages = [...files.keys()].filter(isMarkdown);
  const seen = new Set<string>();
  const open = pages.filter((page) => /(^|\/)(README|CHANGELOG)\.md$/.test(page));
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    if (seen.has(page)) continue;
    seen.add(page);
    open.push(...ledToBy(files, page));
  }
  const dead = pages.filter((page) => !seen.has(page));
  return { looked: pages.length, findings: dead.map((page) => `${page}: no page leads to it`) };
}

function ledToBy(files: Files, page: string): string[] {
  const text = files.get(page) ?? '';
  const named = [...text.matchAll(/(?:\]\(|`)([\w./-]+\.md)(?=[#)`])/g)].map((m) => m[1] ?? '');
  return named.flatMap((name) =>
    [name, posix.join(posix.dirname(page), name)].filter((path) => files.has(path)),
  );
}
