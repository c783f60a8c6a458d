import { useEffect, useState } from 'react';

/** Turns true when something has been going on for so long that a reader wants to know why. */
export function useLate(going: boolean, afterMs: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!going) return;
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [going, afterMs]);
  return late;
}
