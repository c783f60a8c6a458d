import type { OrderView, Timeline } from '@checkout/api';
import { useState, type ReactNode } from 'react';
import { useTimeline } from './queries';
import { timeOfDay } from './times';
import { detailRows, sinceFirst, summary, type Fact } from './timeline';
import { shortId } from './words';

/** For the reader who wants to see the machine: fetched only when it is opened. */
export function TimelinePanel({ order }: { order: OrderView }): ReactNode {
  const [open, setOpen] = useState(false);
  const timeline = useTimeline(order.id, open);
  return (
    <section aria-label={`Timeline of order ${shortId(order.id)}`} className="timeline">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="opener">
          <h2>Where it happened</h2>
          <span className="hint">
            Every row, record and gateway call of this order, and what was dropped as a repeat
          </span>
        </summary>
        {timeline.data ? (
          <Facts timeline={timeline.data} />
        ) : (
          <p role="status" className="hint">
            {timeline.error ? timeline.error.message : 'Asking every service…'}
          </p>
        )}
      </details>
    </section>
  );
}

function Facts({ timeline: { facts, missing } }: { timeline: Timeline }): ReactNode {
  return (
    <>
      {missing.length > 0 && (
        <p role="status" className="refusal">
          {`No answer from: ${missing.join(', ')}. Their part is not shown.`}
        </p>
      )}
      <p className="hint">{summary(facts)}</p>
      <ol className="facts">
        {facts.map((fact) => (
          <FactRow key={JSON.stringify(fact)} fact={fact} facts={facts} />
        ))}
      </ol>
    </>
  );
}

function FactRow({ fact, facts }: { fact: Fact; facts: readonly Fact[] }): ReactNode {
  const rows = detailRows(fact.details);
  return (
    <li data-what={fact.what}>
      <time dateTime={fact.at} title={timeOfDay(fact.at)}>
        {sinceFirst(facts, fact.at)}
      </time>
      <span className="service">{fact.service}</span>
      <div className="fact">
        <p>{fact.text}</p>
        {rows.length > 0 && (
          <details>
            <summary>
              Details<span className="unseen"> of: {fact.text}</span>
            </summary>
            <dl>
              {rows.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    <code>{value}</code>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}
