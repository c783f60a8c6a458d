/**
 * Builds the services, the topics job and the judge with Nx, which builds only what changed.
 *
 * Asking Nx takes 1.5 s even when nothing changed, so a stamp is looked at first. It is believed
 * only if every source file has the content that it had at the last build (its bytes are hashed,
 * times and Git are not asked) and every file of every dist folder is as that build left it (size
 * and time, so that a deleted or rebuilt file is seen).
 */
import { createHash, type Hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.ts';
import { repository } from './environment.ts';
import { withLock } from './lock.ts';
import type { Surroundings } from './part.ts';
import { serviceNames } from './services.ts';

const projects = ['topics', 'proof', ...serviceNames].map((name) => `@checkout/${name}`);
const sourceFolders = ['apps', 'libs', 'deploy/topics', 'deploy/local/src'];
const sourceFiles = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'nx.json'];
const notSources = new Set(['node_modules', 'dist', '.run', 'target', 'test-results', 'coverage']);
const nx = join(repository, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
const build = [nx, 'run-many', '-t', 'build', '-p', projects.join(','), '--outputStyle=stream'];
const nxEnvironment = {
  // Its daemon would outlive the runner, and so would tasks that it gives a terminal of their own.
  NX_DAEMON: 'false',
  NX_NATIVE_COMMAND_RUNNER: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_TUI: 'false',
  CI: 'true',
  FORCE_COLOR: '0',
  // The compiler lives for a second: collecting its garbage less often saves a quarter of its work.
  GOGC: '400',
};
const cache = join(repository, 'node_modules', '.cache');
const stamp = join(cache, 'checkout-built');

export interface Building extends Pick<Surroundings, 'signal'> {
  readonly folder: { log(name: string): string };
}

/** Two runners may build at once: one does, the other waits and finds it done. */
export async function buildServices({ folder, signal }: Building): Promise<string> {
  const options = { log: folder.log('build'), env: nxEnvironment, signal };
  return withLock(join(cache, 'checkout-build.lock'), async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) return 'nothing changed';
    const note = buildBegins();
    try {
      await run(process.execPath, build, options);
    } catch {
      signal.throwIfAborted();
      // A build that was broken off can leave half a file that the compiler takes for whole and
      // that Nx then keeps in its cache. So a failure is believed when it repeats from nothing.
      // `nx reset --onlyCache` forgets the files and not that they were there.
      const all = [...outputs(), join(repository, '.nx')];
      for (const folder of all) rmSync(folder, { recursive: true, force: true });
      await run(process.execPath, build, options);
    }
    note();
    return '';
  });
}

/**
 * Called before everything is built; what it returns, afterwards. Sources that changed meanwhile do
 * not count as built. `npm test` says so of its own build: no start in it may build anew, since Nx
 * would take each dist folder away for a moment from under the tests beside it.
 */
export function buildBegins(): () => void {
  const sources = sourcesHash();
  return () => {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, `${sources} ${outputsHash()}`);
  };
}

function state(): string {
  return `${sourcesHash()} ${outputsHash()}`;
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const folder of sourceFolders) hashSources(join(repository, folder), hash);
  for (const file of sourceFiles) hash.update(readFileSync(join(repository, file)));
  return hash.digest('hex');
}

function hashSources(folder: string, hash: Hash): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (notSources.has(entry.name) || entry.name.endsWith('.md')) continue;
    if (entry.isDirectory()) hashSources(path, hash);
    else if (entry.isFile()) hash.update(path).update(readFileSync(path));
  }
}

function outputsHash(): string {
  const hash = createHash('sha256');
  for (const dist of outputs()) {
    hash.update(dist);
    if (existsSync(dist)) hashListing(dist, hash);
  }
  return hash.digest('hex');
}

function outputs(): string[] {
  const parents = ['apps', 'libs'].map((name) => join(repository, name));
  const folders = parents.flatMap((parent) =>
    readdirSync(parent).map((name) => join(parent, name)),
  );
  const all = [...folders, join(repository, 'deploy/topics'), join(repository, 'deploy/local')];
  return all.sort().map((folder) => join(folder, 'dist'));
}

function hashListing(folder: string, hash: Hash): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const { size, mtimeMs, mode } = statSync(join(folder, name));
    hash.update(`${name} ${size} ${mtimeMs} ${mode}\n`);
  }
}
