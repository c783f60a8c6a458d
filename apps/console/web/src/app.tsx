import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { cart, pieces } from './cart';
import { useLiveOrders } from './live';
import { OrderPage } from './order-page';
import { OrdersPage } from './orders-page';
import { hasPendingPlacement, placeOrder } from './placing';
import { Link, navigate, usePath } from './router';
import { ensureSession } from './session';
import { ShopPage } from './shop-page';
import { useStored } from './stored';

export function App(): ReactNode {
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => ensureSession().then(() => true),
    staleTime: Infinity,
  });
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      {session.isSuccess ? <Shop /> : <Opening failing={session.failureCount > 0} />}
    </>
  );
}

function Opening({ failing }: { failing: boolean }): ReactNode {
  return (
    <main id="main" className="opening" role="status">
      {failing ? 'The shop does not answer yet. Trying again…' : 'Opening the shop…'}
    </main>
  );
}

function Shop(): ReactNode {
  const client = useQueryClient();
  const live = useLiveOrders(client);
  useEffect(() => {
    if (hasPendingPlacement()) void finishPlacing();
    async function finishPlacing(): Promise<void> {
      const outcome = await placeOrder(() => null);
      if (outcome.kind === 'placed') navigate(`/orders/${outcome.orderId}`);
    }
  }, []);
  return (
    <>
      <Header live={live} />
      <Page />
    </>
  );
}

function Page(): ReactNode {
  const path = usePath();
  const order = /^\/orders\/([^/]+)$/.exec(path)?.[1];
  if (order) return <OrderPage key={order} id={decodeURIComponent(order)} />;
  if (path === '/orders') return <OrdersPage />;
  if (path === '/') return <ShopPage />;
  return (
    <main id="main" className="narrow">
      <h1>Nothing here</h1>
      <p>
        There is no page at this address. <Link to="/">Go to the shop</Link>
      </p>
    </main>
  );
}

function Header({ live }: { live: boolean }): ReactNode {
  const path = usePath();
  const count = pieces(useStored(cart));
  const current = (own: boolean) => (own ? { 'aria-current': 'page' as const } : {});
  return (
    <header className="top">
      <Link to="/" className="brand">
        <img src="/favicon.svg" alt="Checkout" width="26" height="26" />
        <span className="brand-name" aria-hidden="true">
          Checkout
        </span>
      </Link>
      <nav aria-label="Main">
        <Link to="/" {...current(path === '/')}>
          Shop
          {count > 0 && (
            <span className="count">
              {count}
              <span className="unseen"> in the cart</span>
            </span>
          )}
        </Link>
        <Link to="/orders" {...current(path.startsWith('/orders'))}>
          Your orders
        </Link>
      </nav>
      <span className="live" data-state={live ? 'live' : 'connecting'}>
        {live ? 'Live' : 'Connecting…'}
      </span>
    </header>
  );
}
