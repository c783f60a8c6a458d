import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { EMPTY_MEMORY, type Memory } from './memory';
import { observed, useObserved } from './observed';

/**
 * Keeps the browser's memory: one record, changed by one function at a time.
 *
 * Guarantee: a change sees what every earlier change of any tab has written, replaces the record
 * whole, and is on the disk when its promise resolves.
 * Threat, and why this is not localStorage: two tabs are two processes, and each may for a moment
 * read its own old copy there. A tab that adds a cup could then write back a record without the key
 * that another tab has just sent; and a browser that is killed loses what it has not flushed yet. A
 * database transaction of IndexedDB with strict durability has neither hole.
 * Not promised: anything after the reader clears the site's data.
 */
const STORE = 'memory';
const RECORD = 'this browser';

interface Schema extends DBSchema {
  [STORE]: { key: string; value: Memory };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;
const known = observed(EMPTY_MEMORY);
const otherTabs = new BroadcastChannel('checkout.memory');
otherTabs.onmessage = () => void readMemory();

function database(): Promise<IDBPDatabase<Schema>> {
  const forget = (): void => (opened = undefined);
  opened ??= openDB<Schema>('checkout', 1, {
    upgrade: (db) => void db.createObjectStore(STORE),
    // Its data was cleared or a newer page wants to change it: the next use opens it anew.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      forget();
    },
    terminated: forget,
  });
  opened.catch(forget);
  return opened;
}

/** As it is now, whichever tab wrote it. */
export async function readMemory(): Promise<Memory> {
  const db = await database();
  return tell((await db.get(STORE, RECORD)) ?? EMPTY_MEMORY);
}

/** Returns the new memory. `next` may be called in any tab's order, and must not wait. */
export async function changeMemory(next: (memory: Memory) => Memory): Promise<Memory> {
  const db = await database();
  const writing = db.transaction(STORE, 'readwrite', { durability: 'strict' });
  const before = (await writing.store.get(RECORD)) ?? EMPTY_MEMORY;
  const after = next(before);
  if (after !== before) await writing.store.put(after, RECORD);
  await writing.done;
  if (after !== before) otherTabs.postMessage('changed');
  return tell(after);
}

/** The disk, not the network: a request that nobody answers is a TypeError, never one of these. */
export function refusedByBrowser(error: unknown): boolean {
  return error instanceof DOMException;
}

function tell(memory: Memory): Memory {
  known.set(memory);
  return memory;
}

export function useMemory(): Memory {
  return useObserved(known);
}
