import type { AuditVerdict, ExaminedInvariant } from '@checkout/api';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceEnv } from '../config.js';

/** A program in the place of the judge, and the folder in which verdicts are kept. */
export interface JudgeProgram {
  readonly program: string;
  readonly evidence: EvidenceEnv;
  /** What each start of it was told, in the order in which they came. */
  starts(): readonly Record<string, string>[];
  /** JavaScript that it runs from now on, after it has written down its environment. */
  does(script: string): Promise<void>;
  remove(): Promise<void>;
}

export async function judgeProgram(): Promise<JudgeProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'console-judge-'));
  await mkdir(join(folder, 'run'));
  const program = join(folder, 'judge.mjs');
  const started = join(folder, 'started.ndjson');
  const url = 'postgres://auditor:secret@127.0.0.1:1/';
  return {
    program,
    evidence: {
      KAFKA_BROKERS: '127.0.0.1:1',
      GATEWAY_URL: 'http://127.0.0.1:1',
      ORDERS_DATABASE_URL: `${url}orders`,
      PAYMENTS_DATABASE_URL: `${url}payments`,
      LEDGER_DATABASE_URL: `${url}ledger`,
      GATEWAY_DATABASE_URL: `${url}gateway`,
      RUN_DIR: join(folder, 'run'),
    },
    starts: () =>
      existsSync(started)
        ? readFileSync(started, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, string>)
        : [],
    does: (script) =>
      writeFile(
        program,
        `import { appendFileSync } from 'node:fs';
         const told = { ...process.env, pid: String(process.pid), args: process.argv.slice(2) };
         appendFileSync(${JSON.stringify(started)}, JSON.stringify(told) + '\\n');
         ${script}`,
      ),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** What a judge does that has come to a verdict. */
export function says(verdict: AuditVerdict): string {
  const words = JSON.stringify(JSON.stringify(verdict));
  return `process.stdout.write(${words}); process.exitCode = ${verdict.held ? 0 : 1};`;
}

const invariant: ExaminedInvariant = {
  id: 'A15',
  says: 'No order is charged twice.',
  rule: 'books: charges per order ≤ 1',
  verdict: 'HELD',
  rows: 3,
  milliseconds: 1,
  counterExamples: [],
  consequences: [],
};

export const held: AuditVerdict = {
  held: true,
  orders: 3,
  examined: 3,
  notObserved: 0,
  notApplicable: 0,
  met: {
    unknownAnswers: 0,
    furtherAttempts: 0,
    repeats: 0,
    aborts: 0,
    overlappingAborts: 0,
    takeovers: 0,
    readAgain: 0,
  },
  invariants: [invariant],
  rest: { waitedMilliseconds: 5, waitingFor: [] },
  readMilliseconds: 7,
  judgeMilliseconds: 2,
};

/** Of a shop that did not come to rest in time. */
export const busy: AuditVerdict = {
  ...held,
  rest: { waitedMilliseconds: 60_000, waitingFor: ['2 orders that are not final', 'group a'] },
};

/** Of a shop without an order. */
export const empty: AuditVerdict = {
  ...held,
  held: false,
  orders: 0,
  invariants: [
    {
      ...invariant,
      id: 'A33',
      verdict: 'VIOLATED',
      counterExamples: [{ what: 'there is no order: nothing was judged' }],
    },
  ],
};

/** So many orders were charged twice. */
export function violated(count: number): AuditVerdict {
  const counterExamples = Array.from({ length: count }, (_, n) => ({
    what: 'has two charges',
    orderId: `order-${n}`,
  }));
  const invariants = [{ ...invariant, verdict: 'VIOLATED' as const, counterExamples }];
  return { ...held, held: false, invariants };
}
