import type { Log, Runner } from '@checkout/eos';
import type { DataSource } from 'typeorm';
import { RepeatedLook } from './repeated-look.js';
import { tellOverdue } from './tell-overdue.handler.js';

/** A second more or less on a minute is nobody's concern, and a look costs an empty index scan. */
const LOOK_EVERY_MS = 1_000;
/** After a long standstill many are late at once: no database transaction becomes a huge one. */
const AT_ONCE = 200;

export interface WatchdogOptions {
  readonly dataSource: DataSource;
  readonly afterMs: number;
  readonly log: Log;
}

/** Looks for orders that nobody decides. */
export function overdueWatchdog({ dataSource, afterMs, log }: WatchdogOptions): Runner {
  return new RepeatedLook({
    name: 'overdue orders',
    everyMs: LOOK_EVERY_MS,
    log,
    async look() {
      const told = await dataSource.transaction((tx) =>
        tellOverdue(tx, { afterMs, atMost: AT_ONCE }),
      );
      for (const order of told) log.warn({ order, afterMs }, 'nobody has decided it in time');
      return told.length === AT_ONCE;
    },
  });
}
