import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { steps, type KnownOrder, type Step } from './history';
import { formatMoney, lineTotal } from './money';
import { PageHeading } from './page-heading';
import { pictureOf } from './pictures';
import { useOrder, useProducts } from './queries';
import { Link } from './router';
import { dateTime, timeOfDay } from './times';
import { EXPECTED_TEXT, headline, shortId, STATUS_NAMES, stepText } from './words';

export function OrderPage({ id }: { id: string }): ReactNode {
  const order = useOrder(useQueryClient(), id);
  if (order.data) return <OrderView order={order.data} />;
  return (
    <main id="main" className="narrow">
      <PageHeading title={order.error ? 'Order not found' : 'Order'} />
      <p role="status">
        {order.error ? 'There is no such order among yours.' : 'Fetching the order…'}
      </p>
      {order.error && <Link to="/orders">Your orders</Link>}
    </main>
  );
}

function OrderView({ order }: { order: KnownOrder }): ReactNode {
  return (
    <main id="main" className="narrow order">
      <PageHeading title={`Order ${shortId(order.id)}`} />
      <p className="lead">Placed on {dateTime(order.placedAt)}</p>
      <section
        role="status"
        aria-label="Order status"
        aria-atomic="true"
        className="verdict"
        data-state={order.status}
      >
        <strong>{STATUS_NAMES[order.status]}</strong>
        <p>{headline(order)}</p>
        {order.reason && <p className="reason">{order.reason}</p>}
      </section>
      <section aria-labelledby="history">
        <h2 id="history">What happened</h2>
        <ol className="steps">
          {steps(order).map((step) => (
            <StepRow key={step.status} order={order} step={step} />
          ))}
        </ol>
      </section>
      <Receipt order={order} />
      <p className="after">
        <Link to="/">Back to the shop</Link>
        <Link to="/orders">Your orders</Link>
      </p>
    </main>
  );
}

function StepRow({ order, step }: { order: KnownOrder; step: Step }): ReactNode {
  const { status, state, at } = step;
  return (
    <li data-state={state} data-status={status}>
      <span className="step-name">
        {STATUS_NAMES[status]}
        {state === 'expected' && <span className="unseen"> (still to come)</span>}
      </span>
      <span className="step-text">
        {state === 'done' ? stepText(order, status) : EXPECTED_TEXT[status]}
      </span>
      {at && <time dateTime={at}>{timeOfDay(at)}</time>}
    </li>
  );
}

function Receipt({ order }: { order: KnownOrder }): ReactNode {
  const products = useProducts().data ?? [];
  const nameOf = (sku: string): string => products.find((p) => p.sku === sku)?.name ?? sku;
  return (
    <section aria-labelledby="receipt" className="receipt">
      <h2 id="receipt">What you ordered</h2>
      <ul className="lines">
        {order.lines.map((line) => (
          <li key={line.sku}>
            <img src={pictureOf(line.sku)} alt="" width="64" height="48" />
            <span className="name">
              {line.quantity} × {nameOf(line.sku)}
            </span>
            <span className="amount">{formatMoney(lineTotal(line.unitPrice, line.quantity))}</span>
          </li>
        ))}
      </ul>
      <p className="total">
        <span>Total</span>
        <strong>{formatMoney(order.total)}</strong>
      </p>
      <p className="hint">
        Order number <code>{order.id}</code>
      </p>
    </section>
  );
}
