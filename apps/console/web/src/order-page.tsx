import type { OrderView } from '@checkout/api';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CancelOrder } from './cancel-order';
import { steps, type Step } from './history';
import { OrderVerdict } from './order-verdict';
import { PageHeading } from './page-heading';
import { useOrder } from './queries';
import { Receipt } from './receipt';
import { RepeatRequest } from './repeat-request';
import { Link } from './router';
import { TimelinePanel } from './timeline-panel';
import { dateTime, timeOfDay } from './times';
import { expectedText, shortId, STATUS_NAMES, stepText } from './words';

export function OrderPage({ id }: { id: string }): ReactNode {
  const order = useOrder(useQueryClient(), id);
  if (order.data) return <OrderDetails order={order.data} />;
  if (order.error) return <NotFound />;
  return <Awaited slow={order.failureCount > 0} />;
}

function OrderDetails({ order }: { order: OrderView }): ReactNode {
  return (
    <main id="main" className="order">
      <PageHeading title={`Order ${shortId(order.id)}`} />
      <p className="lead">Placed on {dateTime(order.placedAt)}</p>
      <div className="order-columns">
        <div>
          <OrderVerdict order={order} />
          <section aria-labelledby="history">
            <h2 id="history">What happened</h2>
            <ol className="steps">
              {steps(order).map((step) => (
                <StepRow key={step.status} order={order} step={step} />
              ))}
            </ol>
          </section>
        </div>
        <div className="order-side">
          <Receipt order={order} />
          <CancelOrder order={order} />
          <RepeatRequest orderId={order.id} />
        </div>
      </div>
      <TimelinePanel order={order} />
      <p className="after">
        <Link to="/">Back to the shop</Link>
        <Link to="/orders">Your orders</Link>
      </p>
    </main>
  );
}

function StepRow({ order, step }: { order: OrderView; step: Step }): ReactNode {
  const { status, state, at } = step;
  return (
    <li data-state={state} data-status={status}>
      <span className="step-name">
        {STATUS_NAMES[status]}
        {state === 'expected' && <span className="unseen"> (still to come)</span>}
      </span>
      <span className="step-text">
        {state === 'done' ? stepText(order, status) : expectedText(order, status)}
      </span>
      {at && <time dateTime={at}>{timeOfDay(at)}</time>}
    </li>
  );
}

function NotFound(): ReactNode {
  return (
    <main id="main" className="narrow">
      <PageHeading title="Order not found" />
      <p role="status" className="lead">
        There is no such order among yours.
      </p>
      <p className="after">
        <Link to="/orders">Your orders</Link>
      </p>
    </main>
  );
}

function Awaited({ slow }: { slow: boolean }): ReactNode {
  return (
    <main id="main" className="order" aria-busy="true">
      <PageHeading title="Order" />
      <p role="status" className="lead">
        {slow ? 'The shop does not answer yet. Trying again…' : 'Fetching the order…'}
      </p>
      <div className="order-columns" aria-hidden="true">
        <div className="verdict awaited" />
        <div className="receipt awaited" />
      </div>
    </main>
  );
}
