/**
 * Restarts a source that says it runs and publishes nothing.
 *
 * Connect's status tells whether a task's threads live, not whether rows become records. So this
 * compares what counts: rows that wait in the outbox, and the position that the source has
 * confirmed to its replication slot. A position that stands still while rows wait, for longer than
 * any recovery takes, is a source that hangs. A restart is safe at any moment: the new task takes
 * the old one's producer identity away and goes on from the committed position.
 * Not promised: that a restart mends it; it is tried again after the same time, and each is told.
 * Nor that it was needed: where nobody archives what was published, rows wait too, and while
 * nothing else is written the position rests. Such a restart costs a second and changes nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectRest } from './connect-rest.ts';
import { outboxes, urlOf, withClient } from './databases.ts';
import type { Surroundings } from './part.ts';

const LOOK_EVERY_MS = 5_000;
/** A killed Connect worker needs up to 17 s before records flow again. */
const STANDS_FOR_MS = 25_000;

type Outbox = (typeof outboxes)[number];

interface Seen {
  readonly position: string;
  readonly at: number;
}

export function watchOutboxes(rest: ConnectRest, around: Surroundings): void {
  const { addresses, report, signal } = around;
  const standing = new Map<string, Seen>();
  const look = async ({ database, slot, connector }: Outbox): Promise<void> => {
    const position = await waitsAt(urlOf(addresses.databaseUrl, database), slot);
    const before = standing.get(slot);
    if (position === undefined) standing.delete(slot);
    else if (before?.position !== position) standing.set(slot, { position, at: performance.now() });
    else if (performance.now() - before.at > STANDS_FOR_MS) {
      standing.delete(slot);
      await rest.restart(connector);
      report(`connector ${connector} published nothing while rows waited, and is restarted`);
    }
  };
  void (async () => {
    while (!signal.aborted) {
      // Database or Connect may be down just now: the supervisor says so, this looks again.
      for (const outbox of outboxes) await look(outbox).catch(() => undefined);
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
    }
  })();
}

/** The source's confirmed position while rows wait in its outbox, undefined while none does. */
async function waitsAt(databaseUrl: string, slot: string): Promise<string | undefined> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ position: string }>(
      `SELECT confirmed_flush_lsn::text AS position FROM pg_replication_slots
        WHERE slot_name = $1 AND EXISTS (SELECT FROM outbox)`,
      [slot],
    );
    return rows[0]?.position;
  });
}
