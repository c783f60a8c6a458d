import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';

/**
 * The repository as the checks see it: text by path from the root, so that a test can make one up.
 */
export type Files = ReadonlyMap<string, string>;

/**
 * What a check looked at, and what is wrong. Nothing looked at is a failure too: the check has gone
 * blind.
 */
export interface Report {
  readonly looked: number;
  readonly findings: readonly string[];
}
export type Check = (files: Files) => Report;

export const root = dirname(import.meta.dirname);

const NOT_OURS = new Set(
  'node_modules dist target .git .nx .run .vitest coverage test-results playwright-report'.split(
    ' ',
  ),
);
const TEXT = new Set(
  '.ts .tsx .mjs .js .json .md .txt .css .html .svg .xml .sql .java .properties .patch .sh .yml'
    .split(' ')
    .concat(['']),
);

/** Fixtures are wrong on purpose. */
const FIXTURES = 'tidy/fixtures';

export function readWorkspace(): Files {
  const files = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const fromRoot = relative(root, path).split(sep).join('/');
      if (NOT_OURS.has(name) || fromRoot === FIXTURES) continue;
      const entry = statSync(path, { throwIfNoEntry: false });
      if (entry?.isDirectory()) walk(path);
      else if (entry && TEXT.has(extname(name))) files.set(fromRoot, readFileSync(path, 'utf8'));
    }
  };
  walk(root);
  return files;
}

export function workspaceOf(files: Record<string, string>): Files {
  return new Map(Object.entries(files));
}

export const isTest = (path: string): boolean =>
  /\.(test|spec)\.tsx?$/.test(path) || /\/test(ing)?\//.test(path) || path.startsWith('e2e/');

export const isSource = (path: string): boolean => /\.(tsx?|mjs)$/.test(path);

export const isMarkdown = (path: string): boolean => path.endsWith('.md');

/** One entry per line that matches, with the place written as an editor opens it. */
export function linesMatching(
  files: Iterable<readonly [string, string]>,
  pattern: RegExp,
): { readonly place: string; readonly text: string }[] {
  return [...files].flatMap(([path, text]) =>
    text
      .split('\n')
      .map((line, index) => ({ place: `${path}:${index + 1}`, text: line }))
      .filter((line) => pattern.test(line.text)),
  );
}
