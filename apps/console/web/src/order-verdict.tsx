import type { OrderView } from '@checkout/api';
import type { ReactNode } from 'react';
import { focusGoesTo } from './focus-heir';
import { hasEnded } from './history';
import { cancelHeadline, headline, STATUS_NAMES } from './words';

const ID = 'verdict';

/** Where an order stands. It says why something else has left the page, and inherits the focus. */
export function OrderVerdict({ order }: { order: OrderView }): ReactNode {
  const cancelling = order.cancelRequested && !hasEnded(order);
  const failed = order.status === 'rejected' || order.status === 'payment_failed';
  return (
    <section
      id={ID}
      tabIndex={-1}
      role="status"
      aria-label="Order status"
      aria-atomic="true"
      className="verdict"
      data-state={cancelling ? 'cancelling' : order.status}
    >
      <strong>{STATUS_NAMES[order.status]}</strong>
      <p>{headline(order)}</p>
      {failed && <p className="reason">{order.reason}</p>}
      {cancelling && <p className="reason">{cancelHeadline(order)}</p>}
    </section>
  );
}

export function orderVerdict(): HTMLElement | null {
  return document.getElementById(ID);
}

/** For `ref`, of what leaves the page when the order goes on. */
export const focusTheVerdict = focusGoesTo(orderVerdict);
