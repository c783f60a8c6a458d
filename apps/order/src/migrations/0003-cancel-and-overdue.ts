import { repeatsTable } from '@checkout/inbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the customer wished to cancel; null: never. The wish, not what became of it. */
const cancelRequested = `ALTER TABLE orders ADD COLUMN cancel_requested_at timestamptz`;

/** When it was told that the order is overdue; null: never. */
const overdue = `ALTER TABLE orders ADD COLUMN overdue_at timestamptz`;

/**
 * What the watchdog looks at: the orders of the last seconds and nothing else, however many there
 * have been. Its price is that a step out of `placed` touches the table's other indexes, too.
 */
const undecided = `
  CREATE INDEX orders_undecided ON orders (placed_at)
  WHERE status = 'placed' AND overdue_at IS NULL`;

export class CancelAndOverdue implements MigrationInterface {
  readonly name = 'CancelAndOverdue1700000000003';

  async up(db: QueryRunner): Promise<void> {
    for (const statement of [cancelRequested, overdue, undecided, repeatsTable]) {
      await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
