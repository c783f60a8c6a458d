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
  const paths = [...files.keys()];
  const code = paths.filter((path) => /\.(tsx?|mjs|css)$/.test(path) && inWorkspace(path));
  const production = reached(
    files,
    code.filter((path) => isEntry(files, path)),
  );
  const withTests = reached(files, [...production, ...code.filter((path) => isTestEntry(path))]);
  const deadCode = code.filter((path) => !(isForTests(path) ? withTests : production).has(path));

  const others = paths.filter(
    (path) => inWorkspace(path) && NAMED_SOMEWHERE.test(path) && !READ_WHOLE.test(path),
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
  /^(apps|libs|deploy|e2e|bench|chaos|tidy)\/|^[^/]+\.(ts|mjs)$/.test(path);
const NAMED_SOMEWHERE = /\.(sql|svg|properties|java|sh)$|\/(?!package|tsconfig|pom)[\w.-]+\.json$/;

/** Every file that lies here is taken. */
const READ_WHOLE = /^deploy\/connectors\//;

const isTestEntry = (path: string): boolean => /\.(test|spec|setup)\.tsx?$/.test(path);
const isForTests = (path: string): boolean =>
  isTest(path) || isTestEntry(path) || path.startsWith('libs/testkit/') || /^tidy\//.test(path);

function isEntry(files: Files, path: string): boolean {
  if (/\.config\.(ts|mjs)$/.test(path)) return true;
  // Served as it lies there.
  if (/\/web\/public\//.test(path)) return true;
  if (/^(apps|deploy|bench|chaos)\/.*\bmain\.tsx?$/.test(path)) return true;
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

function isNamed(files: Files, path: string): boolean {
  const name = posix.basename(path);
  const stem = name.replace(/\.(java|svg|json)$/, '');
  return [...files].some(
    ([other, text]) => other !== path && !isMarkdown(other) && text.includes(stem),
  );
}
