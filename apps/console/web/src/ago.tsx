import { useEffect, useState, type ReactNode } from 'react';
import { now } from './clock';
import { ago, dateTime } from './times';

/** Words in minutes are not told late by more than this. */
const LOOK_AGAIN_MS = 15_000;

/** How long ago that was, kept true while somebody looks at it; the moment itself is its title. */
export function Ago({ at }: { at: string }): ReactNode {
  const [nowMs, setNow] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setNow(now()), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={dateTime(at)}>
      {ago(at, nowMs)}
    </time>
  );
}
