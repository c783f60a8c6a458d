import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { urlOf, withClient } from './databases.ts';
import type { Secrets } from './secrets.ts';
import { startSystem } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';

it('the judge’s role reads every table, of whichever service, and changes none', async () => {
  const runDir = temporaryFolder();
  const system = await startSystem({ runDir, only: ['postgres'] });
  onTestFinished(() => system.stop());
  const { passwords } = JSON.parse(readFileSync(join(runDir, 'secrets.json'), 'utf8')) as Secrets;
  const admin = system.databaseUrl('orders');
  const asOwner = urlOf(admin, 'orders', { name: 'orders', password: passwords.orders });
  const asJudge = urlOf(admin, 'orders', { name: 'auditor', password: passwords.auditor });
  await withClient(asOwner, (owner) => owner.query('CREATE TABLE kept AS SELECT 42 AS answer'));

  await withClient(asJudge, async (judge) => {
    const { rows } = await judge.query('SELECT answer FROM kept');
    expect(rows).toEqual([{ answer: 42 }]);
    await expect(judge.query('DELETE FROM kept')).rejects.toThrow(/read-only transaction/);
    await judge.query('SET default_transaction_read_only = off');
    await expect(judge.query('DELETE FROM kept')).rejects.toThrow(/permission denied/);
    await expect(judge.query('CREATE TABLE mine (n int)')).rejects.toThrow(/permission denied/);
  });
}, 60_000);
