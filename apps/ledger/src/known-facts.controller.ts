import type { KnownFact, ServiceFacts } from '@checkout/api';
import { Controller, Get, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';

const ofOrder = z.object({ id: z.uuid('expected the id of an order') });

/** For programs on this machine: the service listens on loopback only. */
@Controller('internal/orders')
export class KnownFactsController {
  readonly #database: DataSource;

  constructor(database: DataSource) {
    this.#database = database;
  }

  @Get(':id/facts')
  async known(@Param({ schema: ofOrder }) { id }: z.infer<typeof ofOrder>): Promise<ServiceFacts> {
    const facts = await this.#database.query<KnownFact[]>(ENTRIES, [id.toLowerCase()]);
    return { service: 'ledger', facts };
  }
}

const ENTRIES = `
  SELECT to_char(written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
    'entry' AS what,
    'The ' || kind || ' was booked: one balanced entry, written by the sink.' AS text,
    json_build_object('table', 'ledger_entries', 'transactionId', transaction_id, 'kind', kind,
      'currency', currency, 'legs', (entry::json) -> 'legs', 'gatewayReference',
      gateway_reference, 'occurredAt', occurred_at) AS details
  FROM ledger_entries WHERE order_id = $1 ORDER BY written_at`;
