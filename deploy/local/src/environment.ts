/**
 * What a child process inherits: enough to find programs and temporary folders, and nothing that
 * the system itself decides. A DATABASE_URL or PORT that happens to stand in somebody's shell must
 * not reach a service by accident.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'LC_ALL',
  'TZ',
  'JAVA_HOME',
  'SystemRoot',
];

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const localFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Where Node keeps what it has compiled, for its next start. */
export const nodeCache = {
  NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compiled'),
} as const;

export function childEnvironment(
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { ...pick(INHERITED), ...more };
}

export function pick(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** For programs that a person runs through us and not for parts of the system. */
export function wholeEnvironment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...more };
}
