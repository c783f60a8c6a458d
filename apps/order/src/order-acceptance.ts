import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Coalescer } from './coalescer.js';
import { type Insertion, insertOrders, type OfferedOrder } from './place-order.statement.js';

/**
 * Two batches on their way keep PostgreSQL busy while the next ones gather; more of them are
 * smaller and cost more each.
 */
const SLOTS = 2;
/** Beyond 64 rows a statement gets longer and not cheaper by the row. */
const ROWS = 64;
/** A fifth of a second's work at 5,000 orders/s: who waits longer had better come again. */
const WAITING = 1_000;

/**
 * Accepts orders, those that come at one moment in one statement.
 *
 * Guarantee: a result is given only after the commit of the statement that it speaks of. Orders of
 * customers whose streams somebody else holds wait in a lane of their own and hold nobody up.
 */
@Injectable()
export class OrderAcceptance {
  private readonly quick: Coalescer<OfferedOrder, Insertion>;
  private readonly patient: Coalescer<OfferedOrder, Insertion>;

  constructor(database: DataSource) {
    const lane = (waits: boolean) =>
      new Coalescer<OfferedOrder, Insertion>({
        slots: SLOTS,
        rows: ROWS,
        waiting: WAITING,
        sendAll: (orders) => insertOrders(database, orders, { waits }),
        isRefusal,
      });
    this.quick = lane(false);
    this.patient = lane(true);
  }

  /** Rejects as the database does: then nobody knows whether the order was placed. */
  async accept(order: OfferedOrder): Promise<Insertion | 'overloaded'> {
    const insertion = (await this.quick.submit(order)) ?? 'overloaded';
    if (insertion !== 'stream busy') return insertion;
    return (await this.patient.submit(order)) ?? 'overloaded';
  }
}

/**
 * SQLSTATE classes in which the database has looked at the rows and said no: bad data, a
 * constraint, a lost race. It has rolled back. Anything else may be about the server or the
 * connection.
 */
const REFUSALS = /^(22|23|40)/;

function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && REFUSALS.test(code);
}
