import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which keys are old. Rows come in the order of their time, so a summary of each range of pages is
 * enough, and placing an order pays next to nothing for it.
 */
const keysByAge = `
  CREATE INDEX idempotency_keys_by_age ON idempotency_keys
  USING brin (created_at) WITH (autosummarize = on)`;

export class KeysByAge implements MigrationInterface {
  readonly name = 'KeysByAge1700000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(keysByAge);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
