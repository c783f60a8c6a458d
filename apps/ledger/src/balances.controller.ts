import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface Balance {
  readonly account: string;
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
}

/** For people and tests on this machine: the service listens on loopback only. */
@Controller('internal/balances')
export class BalancesController {
  readonly #database: DataSource;

  constructor(database: DataSource) {
    this.#database = database;
  }

  @Get()
  async balances(): Promise<{ data: Balance[] }> {
    const data = await this.#database.query<Balance[]>(
      `SELECT account, currency, debits::text, credits::text FROM balances
       ORDER BY account, currency`,
    );
    return { data };
  }
}
