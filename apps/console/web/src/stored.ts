import { useSyncExternalStore } from 'react';

/**
 * A value of the page that outlives it: kept in localStorage and seen by every tab.
 *
 * `parse` gets whatever lies in the storage (an older version of the page may have written it) and
 * returns undefined for what it does not understand.
 */
export interface Stored<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function stored<T>(
  key: string,
  empty: T,
  parse: (value: unknown) => T | undefined,
): Stored<T> {
  const listeners = new Set<() => void>();
  let text: string | null | undefined;
  let value = empty;

  const get = (): T => {
    const current = localStorage.getItem(key);
    if (current !== text) {
      text = current;
      value = current === null ? empty : (parse(readJson(current)) ?? empty);
    }
    return value;
  };
  const tell = (): void => listeners.forEach((listener) => listener());

  return {
    get,
    set(next) {
      localStorage.setItem(key, JSON.stringify(next));
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      addEventListener('storage', tell);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) removeEventListener('storage', tell);
      };
    },
  };
}

export function useStored<T>(store: Stored<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
