/**
 * Brings node_modules to what the lockfile and the patches say, and does nothing when it is there
 * already.
 *
 * A stamp in node_modules holds a hash of what was asked for when it was last brought there. `npm
 * ci` empties node_modules first, so the stamp goes with what it describes, and an installation
 * that was broken off is not believed. Changed patches also mean `npm ci`: a patch is only ever
 * applied to a package as it was published.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onEnd } from './ending.mjs';

/** @param {string} root @param {(line: string) => void} report */
export async function install(root, report) {
  const stamp = join(root, 'node_modules', '.checkout-installed.json');
  const wanted = { packages: hashOf(packageTexts(root)), patches: hashOf(patchTexts(root)) };
  let have = stampIn(stamp);
  const repatch = have.patches !== undefined && have.patches !== wanted.patches;
  if (have.packages !== wanted.packages || repatch) {
    report('packages           npm ci');
    const from = Date.now();
    await run(root, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    have = { packages: wanted.packages };
    writeFileSync(stamp, JSON.stringify(have));
    report(`packages           ready ${((Date.now() - from) / 1000).toFixed(1).padStart(6)} s`);
  }
  if (have.patches === wanted.patches) return;
  const tool = join(root, 'node_modules', 'patch-package', 'index.js');
  await run(root, process.execPath, [tool, '--patch-dir', 'libs/eos/patches', '--error-on-fail']);
  writeFileSync(stamp, JSON.stringify(wanted));
}

/** One that was broken off while it was written says nothing. */
function stampIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** What decides about node_modules; a changed script or tag does not. */
function packageTexts(root) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const manifests = ['.', ...workspaces(root)].map((folder) => {
    const { name, version, workspaces, dependencies, ...rest } = manifest(root, folder);
    const { devDependencies, optionalDependencies, overrides } = rest;
    const decides = { name, version, workspaces, dependencies, devDependencies };
    return JSON.stringify({ folder, ...decides, optionalDependencies, overrides });
  });
  return [lock, ...manifests];
}

function workspaces(root) {
  return manifest(root, '.').workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    const children = readdirSync(join(root, parent)).sort();
    return children.map((child) => join(parent, child));
  });
}

function manifest(root, folder) {
  const file = join(root, folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function patchTexts(root) {
  const folder = join(root, 'libs/eos/patches');
  const files = readdirSync(folder).filter((name) => name.endsWith('.patch'));
  return files.sort().flatMap((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

function hashOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}

/** Ends with what it has started: a second installation must never meet a first one. */
async function run(root, program, args) {
  const windows = process.platform === 'win32';
  const child = spawn(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
    // A group of its own, since npm does not hand signals on to what it runs either.
    detached: !windows,
  });
  let told = false;
  const stopListening = onEnd((signal) => {
    told = true;
    endGroup(child, signal);
  });
  const ended = await new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal ?? code));
  });
  stopListening();
  if (told) throw new Error('The installation was broken off; the next start does it again.');
  if (ended === 0) return;
  const command = [program, ...args].join(' ');
  throw new Error(`\`${command}\` failed (${ended}). Mend it and run the same command again.`);
}

function endGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}
