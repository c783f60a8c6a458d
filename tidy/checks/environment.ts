import { type Files, isMarkdown, isTest, type Report } from '../workspace.js';

/**
 * Every variable that a program reads is described on a page, and none is described that nobody
 * reads.
 */
export function environment(files: Files): Report {
  const read = new Map<string, string>();
  for (const [path, text] of files) {
    for (const name of variablesRead(path, text)) read.set(name, path);
  }
  const pages = [...files].filter(([path]) => isMarkdown(path));
  const documented = new Set(
    pages.flatMap(([, text]) => [...text.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map((m) => m[1] ?? '')),
  );
  const table = variablesInTable(files.get('README.md') ?? '');
  return {
    looked: read.size,
    findings: [
      ...[...read]
        .filter(([name]) => !documented.has(name))
        .map(([name, path]) => `${path}: reads ${name}, which no page describes`),
      ...table
        .filter((name) => !read.has(name))
        .map((name) => `README.md: describes ${name}, which nothing reads`),
    ],
  };
}

/** What the machine sets, not the reader. */
const NOT_OURS = new Set(['PATH', 'HOME', 'NODE_OPTIONS', 'CI', 'TMPDIR', 'JAVA_HOME', 'USER']);

/**
 * `env['X']` and `env.X`; keys of a config's schema; lists of names that the runner picks from its
 * environment.
 */
function variablesRead(path: string, text: string): string[] {
  const code = /\.(ts|mjs)$/.test(path) && !isTest(path) && !/^(tidy|libs\/testkit)\//.test(path);
  if (!code) return [];
  const direct = matches(text, /\benv(?:\.|\[['"])([A-Z][A-Z0-9_]+)\b/g);
  const parsed = /\/config\.ts$/.test(path) ? matches(text, /^\s+([A-Z][A-Z0-9_]*):/gm) : [];
  const picked = path.startsWith('deploy/local/')
    ? [
        ...matches(text, /\bvariable: '([A-Z][A-Z0-9_]*)'/g),
        ...matches(text, /\[\s*((?:'[A-Z][A-Z0-9_]*',?\s*)+)\]/g).flatMap((list) =>
          matches(list, /'(?!SIG)([A-Z0-9_]+)'/g),
        ),
      ]
    : [];
  return [...direct, ...parsed, ...picked].filter((name) => !NOT_OURS.has(name));
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** Rows of the README's table under the heading that says "Environment". */
function variablesInTable(readme: string): string[] {
  const section = /^##+ .*[Ee]nvironment.*$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readme)?.[1] ?? '';
  return [...section.matchAll(/^\| `([A-Z][A-Z0-9_]*)`/gm)].map((match) => match[1] ?? '');
}
