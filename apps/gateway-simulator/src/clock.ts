import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

/**
 * The gateway's time: the machine's, shifted by an offset that a test sets (`PUT /clock`).
 *
 * Keys are pruned after 24 h; nobody waits a day to see what a client does then. The offset lives
 * in the database, so that a restart does not bring pruned keys back.
 */
@Injectable()
export class Clock implements OnModuleInit {
  private offsetMs = 0;

  constructor(@InjectDataSource() private readonly database: DataSource) {}

  async onModuleInit(): Promise<void> {
    const [row] = await this.database.query<{ offset_ms: string }[]>('SELECT offset_ms FROM clock');
    this.offsetMs = Number(row?.offset_ms ?? 0);
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  async shift(offsetMs: number): Promise<void> {
    await this.database.query('UPDATE clock SET offset_ms = $1', [offsetMs]);
    this.offsetMs = offsetMs;
  }

  reading(): { now: string; offsetMs: number } {
    return { now: this.now().toISOString(), offsetMs: this.offsetMs };
  }
}
