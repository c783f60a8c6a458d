import { audit, type Audit, type AuditVerdict, type ExaminedInvariant } from '@checkout/api';
import type { Log } from '@checkout/eos';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isoNow } from './clock.js';
import type { Judgement } from './judge-process.js';

/**
 * The last verdict, and the one that is being made.
 *
 * Guarantee: there is one audit at a time, whoever asks for it: all who ask while it runs get its
 * verdict. The last one is in a file, renamed into place, so that it outlives this server; a file
 * that cannot be read counts as none, and no verdict is never shown as a good one.
 * Failure story: this server dies while the judge works. The verdict before is what is known, with
 * its time, until somebody asks again.
 * Not promised: that a verdict is still true. It says when it was made.
 */
export interface AuditsOptions {
  readonly file: string;
  /** Also when it fails, which is no verdict. */
  readonly ask: () => Promise<Judgement>;
  readonly mayRun: boolean;
  readonly log: Log;
}

type Finished = Omit<Audit, 'running' | 'mayRun'>;

/** A reader looks at some; a whole shop that is broken would be megabytes. */
const LISTED_PER_INVARIANT = 50;

export class Audits {
  private running: Promise<Audit> | undefined;

  constructor(private readonly options: AuditsOptions) {}

  async last(): Promise<Audit> {
    return this.told((await this.kept()) ?? NEVER_RUN);
  }

  run(): Promise<Audit> {
    this.running ??= this.judged().finally(() => (this.running = undefined));
    return this.running;
  }

  private async judged(): Promise<Audit> {
    const { ask, log } = this.options;
    const startedAt = isoNow();
    const judgement = await ask();
    const finished = { ...outcomeOf(judgement), startedAt, finishedAt: isoNow() };
    await this.keep(finished);
    log.info({ status: finished.status }, finished.says);
    return { ...this.told(finished), running: false };
  }

  private told(finished: Finished): Audit {
    const { mayRun } = this.options;
    return { ...finished, running: this.running !== undefined, mayRun };
  }

  private async kept(): Promise<Finished | undefined> {
    const { file, log } = this.options;
    try {
      return finishedAudit.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      log.warn({ err: error }, 'the last verdict cannot be read');
      return undefined;
    }
  }

  private async keep(finished: Finished): Promise<void> {
    const { file } = this.options;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, `${JSON.stringify(finished, null, 2)}\n`);
    await rename(`${file}.new`, file);
  }
}

const finishedAudit = audit.omit({ running: true, mayRun: true });

const NEVER_RUN: Finished = {
  status: 'never-run',
  says: 'No audit has been run yet.',
};

function outcomeOf(judgement: Judgement): Finished {
  if (judgement.kind === 'none') {
    return { status: 'no-verdict', says: `No verdict: ${judgement.reason}` };
  }
  const { held, orders, invariants, rest } = judgement.verdict;
  const verdict = { ...judgement.verdict, invariants: invariants.map(shortened) };
  if (held) return { ...heldBy(orders, rest.waitingFor), verdict };
  const violated = violatedIn(verdict);
  if (orders === 0 && violated.every((id) => id === 'A33')) {
    return { status: 'violated', says: 'Nothing to judge yet: there is no order.', verdict };
  }
  return { status: 'violated', says: `Violated: ${violated.join(', ')}.`, verdict };
}

/** What holds while orders are on their way need not hold a moment later. */
function heldBy(orders: number, waitingFor: readonly string[]): Pick<Finished, 'status' | 'says'> {
  if (waitingFor.length === 0) {
    return { status: 'held', says: `All invariants hold, ${counted(orders)}.` };
  }
  const busy = `not at rest (${waitingFor.join(', ')}): true of that moment only`;
  return {
    status: 'held-for-a-moment',
    says: `All invariants held, ${counted(orders)}, but the shop was ${busy}.`,
  };
}

function counted(orders: number): string {
  return orders === 1 ? '1 order' : `${orders} orders`;
}

function violatedIn({ invariants }: AuditVerdict): string[] {
  return invariants.filter(({ verdict }) => verdict === 'VIOLATED').map(({ id }) => id);
}

function shortened(one: ExaminedInvariant): ExaminedInvariant {
  const counterExamples = one.counterExamples.slice(0, LISTED_PER_INVARIANT);
  const consequences = one.consequences.slice(0, LISTED_PER_INVARIANT);
  const found = one.counterExamples.length + one.consequences.length;
  const leftOut = found - counterExamples.length - consequences.length;
  return { ...one, counterExamples, consequences, ...(leftOut > 0 && { leftOut }) };
}
