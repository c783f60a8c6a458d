import { type MomentaryAudit, reportOf } from '@checkout/proof';
import type { System } from '@checkout/testkit';
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * The judge, asked again and again while everything moves and breaks: what holds at every moment
 * (nobody has read what was aborted, nobody is charged twice, every entry balances) must hold
 * between two faults, too, and not only when all has healed.
 *
 * A process of its own, so that its work does not keep customers waiting. While a part that keeps
 * evidence is away there is no verdict; that is counted and nothing else.
 */
export interface Seen {
  readonly verdicts: number;
  /** Times that he came to none. */
  readonly turnedAway: number;
  /** What he found, the last line first to be read; undefined: nothing. */
  readonly violation: readonly string[] | undefined;
}

/** He has the processor for a tenth of the time. */
const RESTS = 9;
const LEAST_PAUSE_MS = 2_000;

/**
 * How long he rests, in milliseconds. A look in vain has had no processor: it has waited for
 * something frozen. Were it rested for like a verdict, two of them could be a whole run.
 */
export function restAfter(look: { readonly ended: boolean; readonly tookMs: number }): number {
  return look.ended ? Math.max(LEAST_PAUSE_MS, RESTS * look.tookMs) : LEAST_PAUSE_MS;
}

/** A frozen broker, and then a long log to read. */
const ENDS_WITHIN_MS = 120_000;
const LONGEST_REPORT = 64 * 1024 * 1024;
const JUDGE = fileURLToPath(new URL('main.js', import.meta.resolve('@checkout/proof')));

export class Onlooker {
  readonly #system: System;
  readonly #gone = new AbortController();
  #looking: Promise<void> | undefined;
  #verdicts = 0;
  #turnedAway = 0;
  #violation: readonly string[] | undefined;

  constructor(system: System) {
    this.#system = system;
  }

  get seen(): Seen {
    const [verdicts, turnedAway, violation] = [this.#verdicts, this.#turnedAway, this.#violation];
    return { verdicts, turnedAway, violation };
  }

  /** From the first fault on: what was looked at before it says nothing of faults. */
  looks(): void {
    this.#looking ??= this.#lookAgainAndAgain();
  }

  async leaves(): Promise<void> {
    this.#gone.abort();
    await this.#looking;
  }

  async #lookAgainAndAgain(): Promise<void> {
    const { signal } = this.#gone;
    while (!signal.aborted && this.#violation === undefined) {
      const from = performance.now();
      const verdict = await this.#look();
      if (signal.aborted) return;
      if (verdict === undefined) this.#turnedAway++;
      else if (verdict.held) this.#verdicts++;
      else if (broken(verdict)) this.#violation = reportOf(verdict);
      const look = { ended: verdict !== undefined, tookMs: performance.now() - from };
      await pause(restAfter(look), undefined, { signal }).catch(() => undefined);
    }
  }

  #look(): Promise<MomentaryAudit | undefined> {
    const { brokers, gatewayUrl, runDir } = this.#system;
    const env = {
      KAFKA_BROKERS: brokers.join(','),
      GATEWAY_URL: gatewayUrl,
      ORDERS_DATABASE_URL: this.#system.databaseUrl('orders'),
      PAYMENTS_DATABASE_URL: this.#system.databaseUrl('payments'),
      LEDGER_DATABASE_URL: this.#system.databaseUrl('ledger'),
      GATEWAY_DATABASE_URL: this.#system.databaseUrl('gateway'),
      RUN_DIR: runDir,
      SETTLE_WITHIN_MS: '0',
    };
    const how = {
      env,
      signal: this.#gone.signal,
      killSignal: 'SIGKILL',
      timeout: ENDS_WITHIN_MS,
      maxBuffer: LONGEST_REPORT,
    } as const;
    return new Promise((done) => {
      execFile(process.execPath, [JUDGE, '--now', '--json'], how, (error, stdout) => {
        const judged = (error === null || error.code === VIOLATED) && stdout !== '';
        done(judged ? (JSON.parse(stdout) as MomentaryAudit) : undefined);
      });
    });
  }
}

/** What the judge ends with when he found something. */
const VIOLATED = 1;

/** That there was nothing to look at yet breaks nothing. */
function broken({ invariants }: MomentaryAudit): boolean {
  return invariants.some(({ id, verdict }) => verdict === 'VIOLATED' && id !== 'A33');
}
