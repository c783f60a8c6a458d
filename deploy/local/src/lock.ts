/**
 * A lock that dies with its holder.
 *
 * The file names the process that holds it. Who finds a file whose process is gone takes it over,
 * so that a runner that was killed never has to be cleaned up by hand.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, self, type ProcessIdentity } from './process-identity.ts';

export type Taken = { release(): void } | { holder: ProcessIdentity };

let drafts = 0;

export function takeLock(file: string): Taken {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${drafts++}`;
  writeFileSync(draft, JSON.stringify(self()), { mode: 0o600 });
  try {
    for (;;) {
      if (linked(draft, file)) return { release: () => rmSync(file, { force: true }) };
      const text = read(file);
      const holder = holderIn(text);
      if (holder && isAlive(holder)) return { holder };
      evict(file, text);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Waits for the lock, does the work, gives the lock back. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const taken = takeLock(file);
    if ('holder' in taken) {
      await sleep(100);
      continue;
    }
    try {
      return await work();
    } finally {
      taken.release();
    }
  }
}

/** Linking fails when the name exists, and the file has its content from the first moment on. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function holderIn(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/**
 * Two may evict at once: the second would throw out the first one's fresh lock, so it looks at what
 * it moved away.
 */
function evict(file: string, staleText: string): void {
  const aside = `${file}.stale.${process.pid}.${drafts++}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) !== staleText) linked(aside, file);
  rmSync(aside, { force: true });
}
