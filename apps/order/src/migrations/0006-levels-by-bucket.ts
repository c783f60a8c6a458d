import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The stock of a product is divided, and each part tells its own level. What was told before there
 * were parts is that of the home bucket, which had everything; it was told in the partition of the
 * product, and so is older than any place in that of the bucket.
 */
const levels = [
  `CREATE TABLE stock_levels (
     bucket text PRIMARY KEY,
     sku text NOT NULL REFERENCES products,
     available bigint NOT NULL CHECK (available >= 0),
     -- where in inventory.levels it was read
     partition integer NOT NULL,
     "offset" bigint NOT NULL
   )`,
  `CREATE INDEX stock_levels_by_product ON stock_levels (sku)`,
  `INSERT INTO stock_levels (bucket, sku, available, partition, "offset")
   SELECT sku || '/0', sku, available, level_partition, -1 FROM products
   WHERE level_offset IS NOT NULL`,
  `ALTER TABLE products DROP COLUMN level_partition, DROP COLUMN level_offset`,
];

export class LevelsByBucket implements MigrationInterface {
  readonly name = 'LevelsByBucket1700000000006';

  async up(db: QueryRunner): Promise<void> {
    for (const statement of levels) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
