import { useSyncExternalStore } from 'react';

/** Where a table of four columns has no room; styles/audit.css draws the same line. */
const narrow = matchMedia('(max-width: 44rem)');

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}
