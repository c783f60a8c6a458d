/**
 * One row through a whole outbox: database, change data capture, topic, archiver, database.
 *
 * Connect's status can say RUNNING while nothing flows, so this asks the only question that counts:
 * does a row that is written now come back? The archiver moves it to outbox_archive when it has
 * read it from the topic, read_committed.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { withClient } from './databases.ts';

interface Patience {
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 20;

export async function sendCanary(
  databaseUrl: string,
  { withinMs, signal }: Patience,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  const name = new URL(databaseUrl).pathname.slice(1);
  for (;;) {
    try {
      return await withClient(databaseUrl, (client) => thereAndBack(client, deadline));
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() < deadline) {
        // The database is away for a moment: a new connection, and a new bird.
        await sleep(LOOK_EVERY_MS);
        continue;
      }
      throw new Error(
        `a row written to the outbox of ${name} has not come back within ${withinMs / 1000} s. ` +
          `Look at connect.log and at the archiver's log (${(error as Error).message})`,
      );
    }
  }
}

async function thereAndBack(client: Client, deadline: number): Promise<void> {
  const id = randomUUID();
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const { rows } = await client.query<{ now: string }>(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`,
  );
  const payload = JSON.stringify({ source: 'deploy/local', occurredAt: rows[0]?.now });
  await client.query(
    `INSERT INTO outbox (id, aggregatetype, aggregateid, type, schema_version, causation_id,
                         traceparent, partition, payload)
     VALUES ($1, 'canary', $1::uuid::text, 'Canary', '1', $1, $2, 0, $3)`,
    [id, traceparent, payload],
  );
  while (performance.now() < deadline) {
    const back = await client.query('SELECT FROM outbox_archive WHERE id = $1::uuid', [id]);
    if (back.rowCount === 1) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error('it is still on its way');
}
