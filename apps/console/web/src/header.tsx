import type { ReactNode } from 'react';
import { AuditBadge } from './audit-badge';
import { pieces } from './cart';
import { useMemory } from './memory-store';
import { Link, usePath } from './router';

/** `live` is null while there is nothing to listen to yet. */
export function Header({ live }: { live: boolean | null }): ReactNode {
  const path = usePath();
  const count = pieces(useMemory().cart);
  const current = (own: boolean) => (own ? { 'aria-current': 'page' as const } : {});
  return (
    <header className="top">
      <div className="bar">
        <Link to="/" className="brand">
          <img src="/favicon.svg" alt="Checkout" width="28" height="28" />
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
        <AuditBadge />
        {live !== null && (
          <p className="live" data-state={live ? 'live' : 'connecting'}>
            {live ? 'Live' : 'Reconnecting…'}
          </p>
        )}
      </div>
    </header>
  );
}
