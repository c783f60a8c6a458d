import { repeatsTable } from '@checkout/inbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was delivered again is kept with its place, and events are found by their order. */
export class Repeats1700000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    const byOrder = ['outbox', 'outbox_archive'].map(
      (table) => `CREATE INDEX ${table}_order ON ${table} (aggregateid)`,
    );
    for (const statement of [repeatsTable, ...byOrder]) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
