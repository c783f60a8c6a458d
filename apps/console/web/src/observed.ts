import { useSyncExternalStore } from 'react';

/** A value outside React that pages follow. */
export interface Observed<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function observed<T>(initial: T): Observed<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    get: () => value,
    set(next) {
      value = next;
      listeners.forEach((listener) => listener());
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useObserved<T>(source: Observed<T>): T {
  return useSyncExternalStore(source.subscribe, source.get);
}
