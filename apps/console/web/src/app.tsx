import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { finishCancelling } from './cancelling';
import { Header } from './header';
import { LazyAuditPage } from './lazy-audit-page';
import { useLiveOrders } from './live';
import { refusedByBrowser, useMemory } from './memory-store';
import { OrderPage } from './order-page';
import { OrdersPage } from './orders-page';
import { PageHeading } from './page-heading';
import { PlacingNotice } from './placing-notice';
import { finishPlacing, forgetOutcome } from './placing';
import { askForOrders } from './queries';
import { Link, navigate, usePath } from './router';
import { ensureSession } from './session';
import { ShopPage } from './shop-page';

export function App(): ReactNode {
  const { customerId } = useMemory();
  // At first, and again when the reader clears the site's data under an open page.
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => ensureSession().then(() => true),
    enabled: customerId === null,
  });
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      {customerId !== null ? (
        <Shop key={customerId} customerId={customerId} />
      ) : (
        <Opening trouble={session.failureReason} />
      )}
    </>
  );
}

function Opening({ trouble }: { trouble: Error | null }): ReactNode {
  return (
    <>
      <Header live={null} />
      <main id="main" className="opening">
        <p role="status">{trouble ? troubleText(trouble) : 'Opening the shop…'}</p>
      </main>
    </>
  );
}

function troubleText(trouble: Error): string {
  if (!refusedByBrowser(trouble)) return 'The shop does not answer yet. Trying again…';
  return (
    'Your browser does not let this page keep anything on the disk, and without it a second ' +
    'order could not be ruled out. Allow this site to keep data, and load the page again.'
  );
}

function Shop({ customerId }: { customerId: string }): ReactNode {
  const live = useLiveOrders(useQueryClient(), customerId);
  useUnfinishedBusiness(customerId);
  return (
    <>
      <Header live={live} />
      <PlacingNotice />
      <Page />
    </>
  );
}

/**
 * What an earlier page, or a tab that is closed by now, left without an answer. An order that was
 * wished on this very page, before it was loaded again, takes the reader along.
 */
function useUnfinishedBusiness(customerId: string): void {
  const client = useQueryClient();
  const { placements, cancellations } = useMemory();
  const firstLook = useRef(true);
  const open = placements.find((one) => one.customerId === customerId || one.lines.length > 0)?.key;
  useEffect(() => {
    const reloaded = firstLook.current;
    firstLook.current = false;
    if (open === undefined) return;
    void finishPlacing().then((outcome) => {
      if (reloaded && outcome?.kind === 'placed') showOrder(outcome.orderId);
    });
  }, [open]);
  useEffect(() => {
    void finishCancelling().then((wishes) => (wishes > 0 ? askForOrders(client) : undefined));
  }, [client, customerId, cancellations.length]);
}

function showOrder(orderId: string): void {
  if (location.pathname !== '/') return; // he went elsewhere; the notice has a link
  forgetOutcome();
  navigate(`/orders/${orderId}`);
}

function Page(): ReactNode {
  const path = usePath();
  const order = orderIn(path);
  if (order !== undefined) return <OrderPage key={order} id={order} />;
  if (path === '/orders') return <OrdersPage />;
  if (path === '/audit') return <LazyAuditPage />;
  if (path === '/') return <ShopPage onPlaced={showOrder} />;
  return (
    <main id="main" className="narrow">
      <PageHeading title="Nothing here" />
      <p className="lead">There is no page at this address.</p>
      <p className="after">
        <Link to="/">Go to the shop</Link>
      </p>
    </main>
  );
}

/**
 * An address with a broken escape names nothing. Ids have no case: all that is known of an order is
 * kept under the one way to write its id that its news use, whichever way the address does.
 */
function orderIn(path: string): string | undefined {
  const name = /^\/orders\/([^/]+)$/.exec(path)?.[1];
  try {
    return name && decodeURIComponent(name).toLowerCase();
  } catch {
    return undefined;
  }
}
