import type { ReactNode } from 'react';
import { formatMoney } from './money';
import { PageHeading } from './page-heading';
import { useOrders } from './queries';
import { Link } from './router';
import { dateTime } from './times';
import type { Order } from './types';
import { pieces } from './cart';
import { shortId, STATUS_NAMES } from './words';

export function OrdersPage(): ReactNode {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useOrders();
  const orders = data?.pages.flatMap((page) => page.data);
  return (
    <main id="main" className="narrow">
      <PageHeading title="Your orders" />
      {!orders && <p role="status">{error ? error.message : 'Fetching your orders…'}</p>}
      {orders?.length === 0 && (
        <p className="empty">
          None yet. <Link to="/">Go to the shop</Link>
        </p>
      )}
      {orders && orders.length > 0 && (
        <ul className="orders">
          {orders.map((order) => (
            <OrderRow key={order.id} order={order} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <button
          type="button"
          className="quiet"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show older orders
        </button>
      )}
    </main>
  );
}

function OrderRow({ order }: { order: Order }): ReactNode {
  const count = pieces(order.lines);
  return (
    <li>
      <Link to={`/orders/${order.id}`}>
        <span className="name">Order {shortId(order.id)}</span>
        <span className="chip" data-state={order.status}>
          {STATUS_NAMES[order.status]}
        </span>
        <span className="when">
          {dateTime(order.placedAt)}, {count} {count === 1 ? 'piece' : 'pieces'}
        </span>
        <span className="amount">{formatMoney(order.total)}</span>
      </Link>
    </li>
  );
}
