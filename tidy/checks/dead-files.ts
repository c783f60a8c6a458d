import { posix } from 'node:path';
import { resolveRelative, specifiersIn } from '../imports.js';
import { type Files, isMarkdown, isTest, type Report } from '../workspace.js';

/**
 * A file that nothing imports and no entry names is read by people and run by nobody.
 *
 * Code must be reached from an entry (a process's `main`, a lib's surface, a script in a
 * package.json, a page) without going through a test; code for tests must be reached from a test.
 * Anything else (settings, statements, pictures) must at least be named somewhere.
 */
export function deadFiles(files: Files): Report {
  const paths = [...files.keys()].filter(inWorkspace);
  const code = paths.filter((path) => CODE.test(path) && !SERVED.test(path));
  const production = reached(
    files,
    [...code, ...paths.filter((path) => PAGE.test(path))].filter((path) => isEntry(files, path)),
  );
  const withTests = reached(files, [...production, ...code.filter((path) => isTestEntry(path))]);
  const deadCode = code.filter((path) => !(isForTests(path) ? withTests : production).has(path));

  const others = paths.filter(
    (path) => !code.includes(path) && !isMarkdown(path) && !TAKEN_BY_NAME.test(path),
  );
  const unnamed = others.filter((path) => !isNamed(files, path));
  return {
    looked: code.length && others.length ? code.length + others.length : code.length,
    findings: [
      ...deadCode.map((path) => `${path}: nothing imports it and no entry names it`),
      ...unnamed.map((path) => `${path}: nothing mentions it`),
    ],
  };
}

const inWorkspace = (path: string): boolean =>
  /^(apps|libs|deploy|e2e|bench|chaos|tidy|\.ci)\/|^[^/]+\.(ts|mjs)$/.test(path);

const CODE = /\.(tsx?|mjs|js|css)$/;
/** Where Vite begins. */
const PAGE = /^apps\/[^/]+\/web\/index\.html$/;
/** Served as it lies there, so that nothing imports it: a page must name it. */
const SERVED = /\/web\/public\//;

/** Folders of which every file is taken, and names that other programs look for. */
const TAKEN_BY_NAME = new RegExp(
  [
    '^(deploy/connectors|libs/eos/patches)/',
    '(^|/)(package\\.json|tsconfig\\.json|pom\\.xml)$',
    '^\\.ci/run$',
    PAGE.source,
  ].join('|'),
);

const isTestEntry = (path: string): boolean => /\.(test|spec|setup)\.tsx?$/.test(path);
const isForTests = (path: string): boolean =>
  isTest(path) || isTestEntry(path) || path.startsWith('libs/testkit/') || /^tidy\//.test(path);

function isEntry(files: Files, path: string): boolean {
  if (/\.config\.(ts|mjs)$/.test(path)) return true;
  if (PAGE.test(path)) return true;
  // What the table of services starts, and the programs of the steps: no other `main` is one.
  if (/^(apps\/[^/]+|deploy\/topics|bench|chaos)\/src\/main\.ts$/.test(path)) return true;
  if (/^(libs\/[^/]+|deploy\/local)\/src\/index\.ts$/.test(path)) return true;
  return isNamedByPackage(files, path);
}

/** `node deploy/local/bootstrap.mjs start` in a script, `./dist/judge.js` in an exports map. */
function isNamedByPackage(files: Files, path: string): boolean {
  const compiled = path.replace('/src/', '/dist/').replace(/\.tsx?$/, '.js');
  return [...files].some(([owner, text]) => {
    if (posix.basename(owner) !== 'package.json') return false;
    const folder = posix.dirname(owner);
    const local = (file: string): string => posix.relative(folder, file);
    return [local(path), local(compiled)].some(
      (name) => !name.startsWith('.') && text.includes(name),
    );
  });
}

function reached(files: Files, entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    open.push(...namedBy(files, path));
  }
  return seen;
}

/** Imports, and files named in a string because they are started as a process of their own. */
function namedBy(files: Files, path: string): string[] {
  const text = files.get(path) ?? '';
  const imported = specifiersIn(text).map((name) => resolveRelative(files, path, name));
  const strings = [...text.matchAll(/['"`]([\w./-]+\.(?:ts|mjs|js))['"`]/g)].map((m) =>
    (m[1] ?? '').replace(/\bdist\/(.+)\.js$/, 'src/$1.ts'),
  );
  const started = strings.flatMap((name) =>
    [name, posix.join(posix.dirname(path), name)].filter((file) => files.has(file)),
  );
  return [...imported, ...started].filter((target) => target !== undefined);
}

/** A name in a page starts nothing, and the checks name files only to judge them. */
function isNamed(files: Files, path: string): boolean {
  // A class by its name, a picture of the catalogue by its product's.
  const name = posix.basename(path).replace(/\.(java|svg)$/, '');
  const whole = new RegExp(`(?<![\\w-])${name.replaceAll('.', '\\.')}(?![\\w-])`);
  return [...files].some(
    ([other, text]) =>
      other !== path &&
      !isMarkdown(other) &&
      (!other.startsWith('tidy/') || path.startsWith('tidy/')) &&
      whole.test(text),
  );
}
