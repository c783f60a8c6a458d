import type { Audit, AuditVerdict } from '@checkout/api';
import type { ReactNode } from 'react';
import { counted, duration, standingOf, violatedOf } from './audit';
import { useAudit, useRunAudit } from './audit-query';
import { AuditTable } from './audit-table';
import { PageHeading } from './page-heading';
import './styles/audit.css';
import { dateTime } from './times';

export function AuditPage(): ReactNode {
  const { data, error, failureCount } = useAudit();
  return (
    <main id="main" className="audit">
      <PageHeading title="Audit" />
      <p className="lead">
        A judge of its own, a process that shares nothing with the services, reads every table,
        every topic from its first record and the books of the gateway. Then it asks whether each
        order was charged once and booked once.
      </p>
      {data ? <Judged audit={data} /> : <p role="status">{awaited(error, failureCount)}</p>}
    </main>
  );
}

function awaited(error: Error | null, failureCount: number): string {
  if (error) return error.message;
  return failureCount > 0 ? 'The shop does not answer yet. Trying again…' : 'Fetching the verdict…';
}

function Judged({ audit }: { audit: Audit }): ReactNode {
  const run = useRunAudit();
  const running = audit.running || run.isPending;
  const { verdict } = audit;
  const standing = standingOf(audit);
  return (
    <>
      <section
        role="status"
        aria-label="Verdict"
        aria-atomic="true"
        className="verdict"
        data-state={running ? 'running' : standing}
      >
        <strong>{running ? 'The judge is reading…' : HEADLINES[standing]}</strong>
        <p>{running ? WAITING : sentence(audit)}</p>
      </section>
      <div className="audit-actions">
        {audit.mayRun && (
          <button
            type="button"
            className="primary"
            aria-disabled={running}
            onClick={() => !running && run.mutate()}
          >
            Run audit now
          </button>
        )}
        {verdict && (
          <a href="/api/audit" download="audit.json">
            Download as JSON
          </a>
        )}
      </div>
      {run.error && (
        <p role="alert" className="refusal">
          {run.error.message}
        </p>
      )}
      {verdict && <Details verdict={verdict} />}
    </>
  );
}

const HEADLINES: Record<ReturnType<typeof standingOf>, string> = {
  'never-run': 'Not audited yet',
  'nothing-yet': 'Nothing to judge yet',
  held: 'All invariants hold',
  'held-for-a-moment': 'Held, but not at rest',
  violated: 'Violated',
  'no-verdict': 'No verdict',
};

const WAITING = 'It waits until nothing is on its way, reads everything, and tells what it found.';

function sentence(audit: Audit): string {
  const { status, says, verdict, finishedAt } = audit;
  if (status === 'never-run') return 'Nobody has asked the judge since this shop was set up.';
  const when = finishedAt ? ` Asked on ${dateTime(finishedAt)}.` : '';
  if (!verdict) return `${says.replace(/^No verdict: /, '')}${when}`;
  if (standingOf(audit) === 'nothing-yet') {
    return `There is no order. Nothing is broken, and nothing is proved: buy something.${when}`;
  }
  return `${found(audit, verdict)}${when}`;
}

function found({ status }: Audit, verdict: AuditVerdict): string {
  const violated = violatedOf(verdict).length;
  if (violated > 0) {
    return `${counted(violated, 'invariant')} of ${verdict.invariants.length} found broken.`;
  }
  const orders = counted(verdict.orders, 'order');
  if (status === 'held-for-a-moment') {
    return `${orders}, and something was still on its way: true of that moment only. Ask again.`;
  }
  return `${orders}, each charged once and booked once, or neither.`;
}

function Details({ verdict }: { verdict: AuditVerdict }): ReactNode {
  const { orders, examined, readMilliseconds, judgeMilliseconds, rest } = verdict;
  const facts = [
    ['Orders', counted(orders, 'order')],
    ['Looked at', counted(examined, 'row')],
    ['Came to rest after', duration(rest.waitedMilliseconds)],
    ['Read and judged in', duration(readMilliseconds + judgeMilliseconds)],
    ['Not observed', counted(verdict.notObserved, 'invariant')],
    ['Not applicable', counted(verdict.notApplicable, 'invariant')],
  ] as const;
  return (
    <>
      {rest.waitingFor.length > 0 && (
        <p className="refusal">Judged while still busy: {rest.waitingFor.join(', ')}.</p>
      )}
      <dl className="audit-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <AuditTable invariants={verdict.invariants} />
    </>
  );
}
