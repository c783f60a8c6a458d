import { z } from 'zod';
import type { Operation } from './operation.js';
import { problems } from './problems.js';

const counterExample = z
  .object({
    what: z.string().meta({ description: 'Why the invariant does not hold, in words.' }),
    orderId: z.string().optional(),
    eventId: z.string().optional(),
    at: z.string().optional().meta({ description: '`topic-partition@offset`' }),
  })
  .meta({ id: 'CounterExample' });
export type CounterExample = z.infer<typeof counterExample>;

const count = z.int().min(0);

const examined = z
  .object({
    id: z.string(),
    says: z.string().meta({ description: 'The invariant, in one sentence.' }),
    rule: z.string().meta({ description: 'The query or rule that was asked.' }),
    verdict: z.enum(['HELD', 'VIOLATED', 'EXPLAINED', 'NOT OBSERVED', 'NOT APPLICABLE']).meta({
      description:
        'EXPLAINED: it does not hold, and others have named all the orders that it has found.',
    }),
    rows: count.meta({ description: 'Looked at.' }),
    milliseconds: count,
    counterExamples: z.array(counterExample),
    consequences: z.array(counterExample).meta({
      description: 'About orders that another invariant is violated by already.',
    }),
    explainedBy: z.array(z.string()).optional().meta({
      description: 'The invariants that have named the orders of its consequences.',
    }),
    leftOut: z.int().min(1).optional().meta({
      description: 'Found beside these and not listed; `npm run audit -- --json` lists them all.',
    }),
    reason: z.string().optional().meta({
      description: 'Why it was not observed, or does not apply.',
    }),
    recorded: count.optional().meta({
      description: 'Of the rows: those that others had written down for the judge.',
    }),
    without: z.string().optional().meta({
      description: 'What it was judged without, because nobody had written it down, and why.',
    }),
  })
  .meta({ id: 'ExaminedInvariant' });
export type ExaminedInvariant = z.infer<typeof examined>;

/** What the judge writes with `--json`. */
const auditVerdict = z
  .object({
    held: z.boolean(),
    orders: count,
    examined: count.meta({ description: 'Rows, by all invariants together.' }),
    notObserved: count,
    notApplicable: count,
    met: z
      .object({
        unknownAnswers: count.meta({ description: 'Requests of which no client knows the end.' }),
        repeats: count.meta({ description: 'Requests sent again under their key.' }),
        furtherAttempts: count.meta({ description: 'Attempts after one that had failed.' }),
        aborts: count.meta({ description: 'Kafka transactions aborted, in each partition.' }),
        overlappingAborts: count.meta({ description: 'Of these: begun before another ended.' }),
        takeovers: count.meta({ description: 'Partitions that another life took over.' }),
        readAgain: count.meta({ description: 'Records that a group read more than once.' }),
      })
      .meta({ description: 'What the system went through, as far as it was written down.' }),
    invariants: z.array(examined),
    rest: z
      .object({
        waitedMilliseconds: count,
        waitingFor: z.array(z.string()),
      })
      .meta({
        description: 'How long the system took to come to rest, and what was still on its way.',
      }),
    readMilliseconds: count,
    judgeMilliseconds: count,
  })
  .meta({ id: 'AuditVerdict' });
export type AuditVerdict = z.infer<typeof auditVerdict>;

export const audit = z
  .object({
    status: z.enum(['never-run', 'held', 'held-for-a-moment', 'violated', 'no-verdict']).meta({
      description:
        'How the last audit ended. `held`: all invariants hold, and nothing was on its way. ' +
        '`held-for-a-moment`: they held while something still was (`rest.waitingFor`), which is ' +
        'true of the moment of the audit only. `no-verdict`: the judge could not come to one.',
    }),
    says: z.string().meta({ description: 'The same in one line, for people.' }),
    running: z.boolean().meta({ description: 'One is being run now.' }),
    mayRun: z.boolean().meta({ description: 'Whether POST is allowed: not in production.' }),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    verdict: auditVerdict.optional(),
  })
  .meta({ id: 'Audit' });
export type Audit = z.infer<typeof audit>;

/** There is nothing to say. */
const runAudit = z.strictObject({}).meta({ id: 'RunAudit' });

export const auditOperations: readonly Operation[] = [
  {
    id: 'getAudit',
    method: 'GET',
    path: '/api/audit',
    summary: 'The last verdict of the judge',
    description:
      'Whether every order was charged once and booked once, invariant by invariant, as it was ' +
      'found last. Before the first audit the status is `never-run`.',
    access: 'public',
    answers: { 200: { description: 'The last verdict, or that there is none.', schema: audit } },
    problems: [problems.noJudge],
  },
  {
    id: 'runAudit',
    method: 'POST',
    path: '/api/audit',
    summary: 'Run the audit now',
    description:
      'Answers when the judge has: it waits until all is at rest, a minute at most, and reads ' +
      'everything. There is one audit at a time; who asks while it runs gets its verdict. ' +
      'It reads and changes nothing, so it may be repeated.',
    access: 'public',
    body: runAudit.optional(),
    answers: { 200: { description: 'The verdict.', schema: audit } },
    problems: [problems.auditNotAllowed, problems.noJudge],
  },
];
