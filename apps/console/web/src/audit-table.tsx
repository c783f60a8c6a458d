import type { CounterExample, ExaminedInvariant } from '@checkout/api';
import type { ReactNode } from 'react';
import { byUrgency, counted, duration, number } from './audit';
import { Link } from './router';
import { shortId } from './words';

/**
 * On a narrow screen a row becomes a block. The roles are said again because a table that is laid
 * out as something else is a table no more for some readers of the screen.
 */
export function AuditTable({
  invariants,
}: {
  invariants: readonly ExaminedInvariant[];
}): ReactNode {
  return (
    <table role="table" className="invariants">
      <caption className="unseen">The invariants, what is broken first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            Invariant
          </th>
          <th role="columnheader" scope="col">
            Verdict
          </th>
          <th role="columnheader" scope="col" className="figure">
            Rows
          </th>
          <th role="columnheader" scope="col" className="figure">
            Time
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {byUrgency(invariants).map((one) => (
          <InvariantRow key={one.id} one={one} />
        ))}
      </tbody>
    </table>
  );
}

function InvariantRow({ one }: { one: ExaminedInvariant }): ReactNode {
  const looked = one.verdict === 'HELD' || one.verdict === 'VIOLATED';
  return (
    <tr role="row" data-verdict={one.verdict} id={one.id}>
      <th role="rowheader" scope="row">
        <span className="invariant-id">{one.id}</span> {one.says}
        <span className="rule">{one.rule}</span>
        {one.reason && <span className="reason">{one.reason}</span>}
        {one.verdict === 'VIOLATED' && <Found one={one} />}
      </th>
      <td role="cell">
        <span className="chip" data-verdict={one.verdict}>
          {VERDICTS[one.verdict]}
        </span>
      </td>
      <td role="cell" className="figure" data-label="Rows">
        {looked ? number.format(one.rows) : '–'}
      </td>
      <td role="cell" className="figure" data-label="Time">
        {looked ? duration(one.milliseconds) : '–'}
      </td>
    </tr>
  );
}

const VERDICTS: Record<ExaminedInvariant['verdict'], string> = {
  HELD: 'Held',
  VIOLATED: 'Violated',
  'NOT OBSERVED': 'Not observed',
  'NOT APPLICABLE': 'Not applicable',
};

function Found({ one }: { one: ExaminedInvariant }): ReactNode {
  const { counterExamples, consequences, leftOut = 0 } = one;
  return (
    <details className="found" open>
      <summary>{counted(counterExamples.length, 'counter-example')}</summary>
      <ul aria-label={`Counter-examples of ${one.id}`}>
        {counterExamples.map((found, i) => (
          <ExampleRow key={i} found={found} />
        ))}
      </ul>
      {consequences.length > 0 && (
        <p className="hint">
          {counted(consequences.length, 'more finding')} about orders that another invariant names
          already.
        </p>
      )}
      {leftOut > 0 && (
        <p className="hint">
          {`${counted(leftOut, 'more finding')} not listed here: `}
          <code>npm run audit -- --json</code>
        </p>
      )}
    </details>
  );
}

function ExampleRow({ found }: { found: CounterExample }): ReactNode {
  const { what, orderId, eventId, at } = found;
  return (
    <li>
      <p>{what}</p>
      <dl>
        <Place name="Order">
          {orderId && (
            <Link to={`/orders/${orderId}`} title={orderId}>
              {shortId(orderId)}
            </Link>
          )}
        </Place>
        <Place name="Event">{eventId && <code>{eventId}</code>}</Place>
        <Place name="Record">{at && <code>{at}</code>}</Place>
      </dl>
    </li>
  );
}

/** Not every counter-example has each. */
function Place({ name, children }: { name: string; children: ReactNode }): ReactNode {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
