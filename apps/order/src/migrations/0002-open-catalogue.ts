import { eventId, topics, writeEvent } from '@checkout/events';
import { type StagedEvent, stage } from '@checkout/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type CatalogueItem, CURRENCY, firstCatalogue } from '../catalogue.js';
import { databaseClock } from '../database-clock.js';

/**
 * Puts the first products on the shelf and tells of their stock, in one database transaction.
 *
 * The ids of the StockAdded events are derived from a fixed cause, so that this migration, were it
 * ever to run again on a copy, could not add the same stock a second time.
 */
const OPENING = '0190a6b2-6f00-7000-8000-00000ca7a109';

export class OpenCatalogue implements MigrationInterface {
  readonly name = 'OpenCatalogue1700000000002';

  async up(db: QueryRunner): Promise<void> {
    for (const [position, item] of firstCatalogue.entries()) {
      await db.query(
        `INSERT INTO products
           (sku, name, description, unit_price, currency, vat_permille, position, available)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          item.sku,
          item.name,
          item.description,
          item.unitPrice.toString(),
          CURRENCY,
          item.vatPermille,
          position,
          item.pieces,
        ],
      );
    }
    const occurredAt = await databaseClock(db.manager);
    await stage(
      db.manager,
      firstCatalogue.map((item) => stockAdded(item, occurredAt)),
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

function stockAdded({ sku, pieces }: CatalogueItem, occurredAt: string): StagedEvent {
  const id = eventId(OPENING, 'StockAdded', sku);
  const record = writeEvent(topics.outboxCatalogue, {
    id,
    type: 'StockAdded',
    key: id,
    partitionBy: sku,
    causationId: OPENING,
    traceparent: '',
    payload: { sku, quantity: pieces, reason: 'opening stock', occurredAt },
  });
  return { record, aggregateId: sku, occurredAt };
}
