import { Controller, Get, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

/**
 * The witness: what was charged, refunded and asked for, read by whoever doubts the shop.
 *
 * Guarantee: rows are append-only (a trigger refuses changes), and a walk from the first page to
 * the end returns every row that was committed before the walk began, each once.
 * Not promised: that a walk resumed later from an old cursor sees every row. Two requests at once
 * may commit in the other order than that of their numbers; so the last page has no cursor, and a
 * reader that wants news begins again.
 */
const MAX_PAGE = 1000;
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .default('0'),
  orderId: z.string().max(255).optional(),
});
type Page = z.infer<typeof page>;
interface Book {
  readonly data: object[];
  readonly nextCursor: string | null;
}

const columns = {
  charges: `id, payment_intent AS "paymentIntent", order_id AS "orderId", amount, currency, status,
    failure_code AS "failureCode", decline_code AS "declineCode", fee, metadata,
    idempotency_key AS "idempotencyKey", created`,
  refunds: `id, charge, payment_intent AS "paymentIntent", order_id AS "orderId", amount, currency,
    status, reason, metadata, idempotency_key AS "idempotencyKey", created`,
  requests: `id, method, path, order_id AS "orderId", idempotency_key AS "idempotencyKey",
    parameters_hash AS "parametersHash", requests.created, answers.status, answers.replayed,
    answers.fault`,
} as const;

@Controller('books')
export class BooksController {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  @Get('charges')
  charges(@Query({ schema: page }) query: Page): Promise<Book> {
    return this.read('charges', query, columns.charges);
  }

  @Get('refunds')
  refunds(@Query({ schema: page }) query: Page): Promise<Book> {
    return this.read('refunds', query, columns.refunds);
  }

  @Get('requests')
  requests(@Query({ schema: page }) query: Page): Promise<Book> {
    const withAnswers = 'requests LEFT JOIN answers ON answers.request = requests.id';
    return this.read(withAnswers, query, columns.requests);
  }

  private async read(table: string, query: Page, fields: string): Promise<Book> {
    const rows = await this.database.query<{ sequence: string }[]>(
      `SELECT sequence, ${fields} FROM ${table}
       WHERE sequence > $1 AND ($2::text IS NULL OR order_id = $2) ORDER BY sequence LIMIT $3`,
      [query.cursor, query.orderId, query.limit + 1],
    );
    const more = rows.length > query.limit;
    const shown = rows.slice(0, query.limit);
    const nextCursor = more ? (shown.at(-1)?.sequence ?? null) : null;
    return { data: shown.map(({ sequence: _sequence, ...row }) => row), nextCursor };
  }
}
