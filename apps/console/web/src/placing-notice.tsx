import type { ReactNode } from 'react';
import { forgetOutcome, useProgress } from './placing';
import { Link, usePath } from './router';
import { shortId } from './words';

/** How placing ends for a reader who is not at the cart, or whose other tab has placed it. */
export function PlacingNotice(): ReactNode {
  const progress = useProgress();
  const atTheCart = usePath() === '/';
  const news = progress.kind === 'placed' || (progress.kind !== 'idle' && !atTheCart);
  return (
    <div role="status" aria-label="Placing" className="notice" data-state={progress.kind}>
      {news && (
        <p>
          {progress.kind === 'placing' && 'Your order is being placed…'}
          {progress.kind === 'refused' && progress.detail}
          {progress.kind === 'placed' && (
            <>
              Order {shortId(progress.orderId)} is placed.{' '}
              <Link to={`/orders/${progress.orderId}`} onFollow={forgetOutcome}>
                See how it goes
              </Link>
            </>
          )}
        </p>
      )}
    </div>
  );
}
