import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Answer, Settled } from '../answer.js';
import { type CardTrouble, troubleOf } from '../payment-intents/test-cards.js';
import type { Fault, FaultEffect } from './fault.js';

/**
 * The planned faults, in the database, so that "the third confirm" is still the third after a
 * restart.
 *
 * Guarantee: each planned fault hits exactly `count` calls, from the nth matching one on, also when
 * calls come in parallel: counting is one UPDATE, and its row lock puts the calls in an order.
 */
interface FiredRow {
  moment: 'before' | 'after';
  effect: FaultEffect;
  delay_ms: number;
  copies: number;
}

export interface PlannedFault extends Omit<Fault, 'orderId'> {
  readonly orderId: string | null;
  readonly seen: number;
  readonly fired: number;
}

interface FaultyCall {
  readonly operation: Fault['operation'];
  readonly orderId: string | null;
  readonly card: string | null;
}

/** What goes wrong with one call: what was planned, and what its test card brings with it. */
export class FiredFaults {
  constructor(
    private readonly fired: readonly FiredRow[],
    private readonly card: CardTrouble | null,
  ) {}

  get before(): FaultEffect | undefined {
    return this.effectAt('before');
  }

  get after(): FaultEffect | undefined {
    return this.effectAt('after');
  }

  /** For the log: `after/drop-connection`, `card/slow`; null when nothing was to go wrong. */
  get description(): string | null {
    const planned = this.fired.map(({ moment, effect }) => `${moment}/${effect}`);
    const all = this.card ? [...planned, `card/${this.card.kind}`] : planned;
    return all.join(' ') || null;
  }

  async delayBefore(): Promise<void> {
    if (this.card?.kind === 'slow') await sleep(this.card.ms);
    await this.delay('before');
  }

  delayAfter(): Promise<void> {
    return this.delay('after');
  }

  /** Whether the answer is lost on its way; a card loses the first one about its charge. */
  lose({ answer, replayed }: Settled): boolean {
    if (this.after === 'drop-connection') return true;
    return this.card?.kind === 'answer-lost' && !replayed && answer.status === 200;
  }

  alter(answer: Answer): Answer {
    if (!this.after?.startsWith('other-') || answer.status !== 200) return answer;
    const object = JSON.parse(answer.body) as { amount: number; metadata: object };
    if (this.after === 'other-amount') Object.assign(object, { amount: object.amount + 1 });
    if (this.after === 'other-currency') Object.assign(object, { currency: 'xts' });
    if (this.after === 'other-order') Object.assign(object.metadata, { order_id: 'another order' });
    return { ...answer, body: JSON.stringify(object) };
  }

  /** Of an event that is told: how often, and how much later. */
  get copies(): number {
    const duplicates = this.fired.filter(({ effect }) => effect === 'duplicate');
    return Math.max(1, ...duplicates.map(({ copies }) => copies));
  }

  get delayMs(): number {
    return Math.max(0, ...this.fired.map(({ delay_ms }) => delay_ms));
  }

  private effectAt(moment: 'before' | 'after'): FaultEffect | undefined {
    return this.fired.find((row) => row.moment === moment && row.effect !== 'delay')?.effect;
  }

  private async delay(moment: 'before' | 'after'): Promise<void> {
    const delays = this.fired.filter((row) => row.moment === moment).map((row) => row.delay_ms);
    const longest = Math.max(0, ...delays);
    if (longest > 0) await sleep(longest);
  }
}

@Injectable()
export class FaultPlan {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  async fire({ operation, orderId, card }: FaultyCall): Promise<FiredFaults> {
    const [rows] = await this.database.query<[(FiredRow & { hit: boolean })[], number]>(
      `UPDATE faults SET seen = seen + 1, fired = fired + (seen + 1 >= nth)::int
       WHERE operation = $1 AND (order_id IS NULL OR order_id = $2) AND fired < count
       RETURNING moment, effect, delay_ms, copies, seen >= nth AS hit`,
      [operation, orderId],
    );
    const trouble = operation === 'confirm' ? troubleOf(card) : null;
    return new FiredFaults(
      rows.filter((row) => row.hit),
      trouble,
    );
  }

  /** Whether any fault of this kind may still fire. */
  async arePlanned(operation: Fault['operation']): Promise<boolean> {
    const sql = 'SELECT FROM faults WHERE operation = $1 AND fired < count LIMIT 1';
    return (await this.database.query<unknown[]>(sql, [operation])).length > 0;
  }

  async replace(faults: readonly Fault[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('DELETE FROM faults');
      for (const fault of faults) {
        await tx.query(
          `INSERT INTO faults (operation, moment, effect, delay_ms, copies, nth, count, order_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            fault.operation,
            fault.when,
            fault.effect,
            fault.delayMs,
            fault.copies,
            fault.nth,
            fault.count,
            fault.orderId ?? null,
          ],
        );
      }
    });
  }

  async list(): Promise<PlannedFault[]> {
    return this.database.query<PlannedFault[]>(
      `SELECT operation, moment AS "when", effect, delay_ms AS "delayMs", copies, nth, count,
         order_id AS "orderId", seen, fired FROM faults ORDER BY id`,
    );
  }
}
