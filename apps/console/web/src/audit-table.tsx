import type { CounterExample, ExaminedInvariant } from '@checkout/api';
import type { ReactNode } from 'react';
import { byUrgency, counted, duration, number } from './audit';
import { useNarrow } from './narrow';
import { Link } from './router';
import { shortId } from './words';

/**
 * On a narrow screen a row is a sentence and a verdict, and opens to the rest; in a wide one all of
 * it is to be seen. The roles are said again because a table that is laid out as something else is
 * a table no more for some readers of the screen.
 */
export function AuditTable({
  invariants,
}: {
  invariants: readonly ExaminedInvariant[];
}): ReactNode {
  const narrow = useNarrow();
  const Row = narrow ? NarrowRow : WideRow;
  return (
    <table role="table" className="invariants">
      <caption className="unseen">The invariants, what is broken first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <ColumnHeader name="Invariant" />
          <ColumnHeader name="Verdict" />
          {!narrow && <ColumnHeader name="Rows" className="figure" />}
          {!narrow && <ColumnHeader name="Time" className="figure" />}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {byUrgency(invariants).map((one) => (
          <Row key={one.id} one={one} />
        ))}
      </tbody>
    </table>
  );
}

function ColumnHeader({ name, className }: { name: string; className?: string }): ReactNode {
  return (
    <th role="columnheader" scope="col" className={className}>
      {name}
    </th>
  );
}

function WideRow({ one }: { one: ExaminedInvariant }): ReactNode {
  const [rows, time] = figuresOf(one);
  return (
    <tr role="row" data-verdict={one.verdict} id={one.id}>
      <th role="rowheader" scope="row">
        <span className="invariant-id">{one.id}</span> {one.says}
        <Rest one={one} />
      </th>
      <Verdict one={one} />
      <td role="cell" className="figure">
        {rows}
      </td>
      <td role="cell" className="figure">
        {time}
      </td>
    </tr>
  );
}

/** What is broken is open from the start. */
function NarrowRow({ one }: { one: ExaminedInvariant }): ReactNode {
  const [rows, time] = figuresOf(one);
  return (
    <tr role="row" data-verdict={one.verdict} id={one.id}>
      <th role="rowheader" scope="row">
        <details className="invariant" open={one.verdict === 'VIOLATED'}>
          <summary className="opener">
            <span className="invariant-id">{one.id}</span>
            <span className="says">{one.says}</span>
          </summary>
          <Rest one={one} />
          <dl className="figures">
            <dt>Rows</dt>
            <dd>{rows}</dd>
            <dt>Time</dt>
            <dd>{time}</dd>
          </dl>
        </details>
      </th>
      <Verdict one={one} />
    </tr>
  );
}

function figuresOf({ verdict, rows, milliseconds }: ExaminedInvariant): readonly [string, string] {
  const looked = verdict !== 'NOT OBSERVED' && verdict !== 'NOT APPLICABLE';
  return looked ? [number.format(rows), duration(milliseconds)] : ['–', '–'];
}

function Verdict({ one }: { one: ExaminedInvariant }): ReactNode {
  return (
    <td role="cell">
      <span className="chip" data-verdict={one.verdict}>
        {VERDICTS[one.verdict]}
      </span>
    </td>
  );
}

/** How it was looked for, why not, and what was found. */
function Rest({ one }: { one: ExaminedInvariant }): ReactNode {
  return (
    <>
      <span className="rule">{one.rule}</span>
      {one.reason && <span className="reason">{one.reason}</span>}
      {one.without && <span className="reason">Without recordings: {one.without}</span>}
      {one.verdict === 'VIOLATED' && <Found one={one} />}
      {one.verdict === 'EXPLAINED' && <Explained one={one} />}
    </>
  );
}

const VERDICTS: Record<ExaminedInvariant['verdict'], string> = {
  HELD: 'Held',
  VIOLATED: 'Violated',
  EXPLAINED: 'Explained',
  'NOT OBSERVED': 'Not observed',
  'NOT APPLICABLE': 'Not applicable',
};

function Found({ one }: { one: ExaminedInvariant }): ReactNode {
  const { counterExamples, consequences, explainedBy = [] } = one;
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
          {`${counted(consequences.length, 'more finding')} about orders that `}
          {`${explainedBy.join(' and ')} already names.`}
        </p>
      )}
      <LeftOut one={one} />
    </details>
  );
}

/** It does not hold, and the place to look at is another one. */
function Explained({ one }: { one: ExaminedInvariant }): ReactNode {
  const { consequences, explainedBy = [] } = one;
  return (
    <details className="found">
      <summary>
        {`${counted(consequences.length, 'finding')}, explained by ${explainedBy.join(' and ')}`}
      </summary>
      <ul aria-label={`Consequences of ${one.id}`}>
        {consequences.map((found, i) => (
          <ExampleRow key={i} found={found} />
        ))}
      </ul>
      <LeftOut one={one} />
    </details>
  );
}

function LeftOut({ one: { leftOut = 0 } }: { one: ExaminedInvariant }): ReactNode {
  if (leftOut === 0) return null;
  return (
    <p className="hint">
      {`${counted(leftOut, 'more finding')} not listed here: `}
      <code>npm run audit -- --json</code>
    </p>
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
