import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FaultPlan } from '../faults/fault-plan.js';
import { EVENT, type GatewayEvent } from './event-log.js';

/**
 * Which event is to be sent when, and how often it was tried.
 *
 * Guarantee: an event that was recorded is planned once, with the faults that hit it, and a planned
 * delivery stays due until the receiver has said yes or three days have gone by, across restarts.
 */
export interface Delivery extends GatewayEvent {
  readonly copy: number;
  readonly lost: boolean;
  readonly tries: number;
}

/** One batch; what is left over is found by the next look. */
const BATCH = 64;
/** docs.stripe.com/webhooks: delivery is tried for up to three days, with growing pauses. */
const GIVE_UP_AFTER = `interval '3 days'`;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

@Injectable()
export class Deliveries {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    private readonly faults: FaultPlan,
  ) {}

  /** The question of an idle gateway: one look at two empty indexes. */
  async areWaiting(): Promise<boolean> {
    const [look] = await this.database.query<[{ waiting: boolean }]>(
      `SELECT EXISTS (SELECT FROM webhook_deliveries WHERE planned IS NULL)
         OR EXISTS (SELECT FROM webhook_deliveries WHERE delivered IS NULL AND due <= now())
         AS waiting`,
    );
    return look.waiting;
  }

  /** Plans what was recorded since the last time; whether there may be more. */
  async plan(): Promise<boolean> {
    if (!(await this.faults.arePlanned('webhook'))) return this.planAll();
    const fresh = await this.database.query<{ id: string; orderId: string | null }[]>(
      `SELECT id, order_id AS "orderId" FROM webhook_deliveries d JOIN events ON id = d.event
       WHERE planned IS NULL ORDER BY sequence LIMIT $1`,
      [BATCH],
    );
    for (const { id, orderId } of fresh) {
      const faults = await this.faults.fire({ operation: 'webhook', orderId, card: null });
      await this.database.query(
        `INSERT INTO webhook_deliveries (event, copy, planned, lost, due)
         SELECT $1, copy, now(), $3, now() + $4 * interval '1 ms'
         FROM generate_series(1, $2::integer) copy
         ON CONFLICT (event, copy) DO UPDATE SET planned = excluded.planned,
           lost = excluded.lost, due = excluded.due`,
        [id, faults.copies, faults.before === 'drop-connection', faults.delayMs],
      );
    }
    return fresh.length === BATCH;
  }

  private async planAll(): Promise<false> {
    await this.database.query(
      'UPDATE webhook_deliveries SET planned = now(), due = now() WHERE planned IS NULL',
    );
    return false;
  }

  async due(): Promise<Delivery[]> {
    return this.database.query<Delivery[]>(
      `SELECT ${EVENT}, copy, lost, tries
       FROM webhook_deliveries d JOIN events ON events.id = d.event
       WHERE delivered IS NULL AND due <= now()
       ORDER BY due, sequence LIMIT $1`,
      [BATCH],
    );
  }

  async delivered(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    await this.database.query(
      `UPDATE webhook_deliveries d SET delivered = now(), tries = tries + 1
       FROM unnest($1::text[], $2::integer[]) AS told (event, copy)
       WHERE d.event = told.event AND d.copy = told.copy`,
      [deliveries.map(({ id }) => id), deliveries.map(({ copy }) => copy)],
    );
  }

  /** A delivery is planned to be lost once. */
  async later({ id, copy, tries }: Delivery): Promise<void> {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 16));
    await this.database.query(
      `UPDATE webhook_deliveries SET tries = tries + 1, lost = false,
         due = CASE WHEN planned > now() - ${GIVE_UP_AFTER} THEN now() + $3 * interval '1 ms' END
       WHERE event = $1 AND copy = $2`,
      [id, copy, pauseMs],
    );
  }
}
