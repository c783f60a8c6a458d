import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A wish to cancel is news, too, though it changes neither status nor version: a row of its own
 * beside that of the version that the order has.
 */
const wishes = [
  `ALTER TABLE order_events
     ADD COLUMN wish boolean NOT NULL DEFAULT false,
     DROP CONSTRAINT order_events_order_id_version_key`,
  `CREATE UNIQUE INDEX order_events_one_each ON order_events (order_id, version) WHERE NOT wish`,
  `CREATE UNIQUE INDEX order_events_one_wish ON order_events (order_id) WHERE wish`,
];

/** Those that nobody was told of. */
const untold = `
  INSERT INTO order_events (customer_id, order_id, version, wish)
  SELECT customer_id, id, version, true FROM orders
  WHERE cancel_requested_at IS NOT NULL ORDER BY cancel_requested_at`;

export class TellWishes implements MigrationInterface {
  readonly name = 'TellWishes1700000000005';

  async up(db: QueryRunner): Promise<void> {
    for (const statement of [...wishes, untold]) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
