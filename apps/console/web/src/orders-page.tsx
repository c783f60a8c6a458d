import type { OrderView } from '@checkout/api';
import { useEffect, useRef, type ReactNode } from 'react';
import { pieces } from './cart';
import { hasEnded } from './history';
import { formatMoney } from './money';
import { PageHeading } from './page-heading';
import { parcel } from './pictures';
import { useOrders } from './queries';
import { Link } from './router';
import { dateTime } from './times';
import { shortId, STATUS_NAMES } from './words';

export function OrdersPage(): ReactNode {
  const { data, error, failureCount, hasNextPage, isFetchingNextPage, showOlder } = useOrders();
  const list = useRef<HTMLUListElement>(null);
  const orders = data?.pages.flatMap((page) => page.data);

  /** The button may be gone afterwards: the reader goes on where the new orders begin. */
  const goesOnAt = useRef<number | null>(null);
  const goOn = (): void => {
    goesOnAt.current = orders?.length ?? 0;
    void showOlder();
  };
  useEffect(() => {
    if (goesOnAt.current === null) return;
    const first = list.current?.querySelectorAll('a')[goesOnAt.current];
    if (!first) return;
    goesOnAt.current = null;
    first.focus();
  }, [orders?.length]);
  return (
    <main id="main" className="narrow">
      <PageHeading title="Your orders" />
      <p role="status" aria-label="Orders" className="lead">
        {orders ? countText(orders.length, hasNextPage) : awaitedText(error, failureCount)}
      </p>
      {orders?.length === 0 && (
        <div className="nothing">
          <img src={parcel} alt="" width="320" height="240" />
          <Link to="/">Go to the shop</Link>
        </div>
      )}
      <ul className="orders" ref={list} aria-busy={!orders} hidden={orders?.length === 0}>
        {orders?.map((order) => <OrderRow key={order.id} order={order} />) ??
          Array.from({ length: 3 }, (_, i) => (
            <li key={i} className="awaited" aria-hidden="true" />
          ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="quiet"
          aria-disabled={isFetchingNextPage}
          onClick={() => !isFetchingNextPage && goOn()}
        >
          {isFetchingNextPage ? 'Fetching older orders…' : 'Show older orders'}
        </button>
      )}
    </main>
  );
}

function countText(shown: number, more: boolean): string {
  if (shown === 0) return 'You have not ordered anything yet.';
  if (more) return `The latest ${shown}, newest first.`;
  return shown === 1 ? 'One order.' : `${shown} orders, newest first.`;
}

function awaitedText(error: Error | null, failureCount: number): string {
  if (error) return error.message;
  return failureCount > 0 ? 'The shop does not answer yet. Trying again…' : 'Fetching your orders…';
}

function OrderRow({ order }: { order: OrderView }): ReactNode {
  const count = pieces(order.lines);
  const cancelling = order.cancelRequested && !hasEnded(order);
  return (
    <li>
      <Link to={`/orders/${order.id}`}>
        <span className="name">Order {shortId(order.id)}</span>
        <span className="chip" data-state={cancelling ? 'cancelling' : order.status}>
          {cancelling ? 'Being cancelled' : STATUS_NAMES[order.status]}
        </span>
        <span className="when">
          {dateTime(order.placedAt)}, {`${count}\u00a0${count === 1 ? 'piece' : 'pieces'}`}
        </span>
        <span className="amount">{formatMoney(order.total)}</span>
      </Link>
    </li>
  );
}
