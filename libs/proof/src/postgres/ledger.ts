import type { LedgerDatabase, LedgerRow } from '../evidence/rows.js';
import { snapshot } from './snapshot.js';

const ENTRIES = 'SELECT transaction_id AS "transactionId", entry FROM ledger_entries';
/** Counted by PostgreSQL since its last crash, of committed and rolled back changes alike. */
const CHANGED = `
  SELECT (n_tup_upd + n_tup_del)::integer AS changed FROM pg_stat_user_tables
  WHERE relname = 'ledger_entries'`;
const GUARDS = `
  SELECT tgname AS name FROM pg_trigger
  WHERE tgrelid = 'ledger_entries'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')
  ORDER BY tgname`;

export function readLedger(url: string): Promise<LedgerDatabase> {
  return snapshot(url, async (ask) => ({
    entries: await ask<LedgerRow>(ENTRIES),
    changed: (await ask<{ changed: number }>(CHANGED))[0]?.changed ?? 0,
    guards: (await ask<{ name: string }>(GUARDS)).map(({ name }) => name),
  }));
}
