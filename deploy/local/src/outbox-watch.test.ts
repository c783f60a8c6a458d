/** A source whose process and threads live, so that Connect says RUNNING, and that hangs. */
import { expect, it, onTestFinished } from 'vitest';
import { withClient } from './databases.ts';
import { startSystem, type System } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';
import { buyACup, newCustomer } from './testing/shop.ts';
import { until } from './testing/until.ts';

const MINUTE = 60_000;

it(
  'a source that hangs is restarted, and its rows are published',
  async () => {
    const said: string[] = [];
    const report = (line: string) => void said.push(line);
    const system = await startSystem({ runDir: temporaryFolder(), report });
    onTestFinished(() => system.stop());
    const sender = await senderOf(system);
    process.kill(sender, 'SIGSTOP');
    onTestFinished(() => goOn(sender));

    const bought = buyACup(await newCustomer(system.url), 'while it hangs');
    await until(() => said.some((line) => line.includes('published nothing')), MINUTE);
    goOn(sender);
    await bought;

    expect(said.join('\n')).toContain('connector orders-outbox published nothing');
    expect(await senderOf(system)).not.toBe(sender);
  },
  4 * MINUTE,
);

/** PostgreSQL's end of the source's connection. */
async function senderOf(system: System): Promise<number> {
  return withClient(system.databaseUrl('orders'), async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name = 'orders_outbox'`,
    );
    return rows[0]?.pid ?? 0;
  });
}

function goOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}
