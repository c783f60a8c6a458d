import type { Product } from '@checkout/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { pieces, type CartLine } from './cart';
import { CardPicker } from './card-picker';
import { CartRow, OrderedRow } from './cart-row';
import { useMemory } from './memory-store';
import { cartTotal, formatMoney } from './money';
import { pendingOf } from './placement';
import { placeOrder, useProgress, type Progress } from './placing';
import { refreshProducts } from './queries';
import { useLate } from './use-late';
import { TEST_CARDS } from './words';

export interface CartPanelProps {
  readonly products: readonly Product[];
  /** Tells what became of the cart. */
  readonly say: (news: string) => void;
  readonly onPlaced: (orderId: string) => void;
}

export function CartPanel({ products, say, onPlaced }: CartPanelProps): ReactNode {
  const memory = useMemory();
  const progress = useProgress();
  const client = useQueryClient();
  const [card, setCard] = useState<string>(TEST_CARDS[0].id);
  const pending = pendingOf(memory);
  const lines = pending?.lines ?? memory.cart;
  const placing = pending !== null || progress.kind === 'placing';
  const total = cartTotal(lines, products);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const outcome = await placeOrder((cart) => {
      const expectedTotal = cartTotal(cart, products);
      return expectedTotal ? { lines: cart, paymentMethod: card, expectedTotal } : null;
    });
    if (outcome?.kind === 'refused') await refreshProducts(client);
    if (outcome?.kind === 'placed') onPlaced(outcome.orderId);
  };

  return (
    <aside id="cart" className="cart" aria-labelledby="cart-heading">
      <h2 id="cart-heading" tabIndex={-1}>
        Cart
      </h2>
      {lines.length === 0 && !placing ? (
        <p className="empty">Nothing in it yet. Everything you add is kept on this device.</p>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <ul className="lines">
            {lines.map((line) => {
              const product = products.find(({ sku }) => sku === line.sku);
              return pending ? (
                <OrderedRow key={line.sku} line={line} product={product} />
              ) : (
                <CartRow key={line.sku} line={line} product={product} say={say} />
              );
            })}
          </ul>
          {pending && <NextOrder cart={memory.cart} />}
          <CardPicker card={card} onPick={setCard} disabled={placing} />
          <p className="total">
            <span>Total</span>
            <strong>{total ? formatMoney(total) : '…'}</strong>
          </p>
          <button type="submit" className="primary" aria-disabled={placing || !total}>
            {placing ? 'Placing your order…' : 'Place order'}
          </button>
        </form>
      )}
      <PlacingNews progress={progress} />
    </aside>
  );
}

/** What came into the cart after the press. */
function NextOrder({ cart }: { cart: readonly CartLine[] }): ReactNode {
  const count = pieces(cart);
  if (count === 0) return null;
  return (
    <p className="hint">
      {count} more {count === 1 ? 'piece waits' : 'pieces wait'} for your next order.
    </p>
  );
}

const NO_ANSWER =
  'No answer yet. The same request is sent again until there is one, ' +
  'and it cannot become a second order.';
/** An answer takes a tenth of a second; a reader who waits for this long wonders. */
const WONDERS_AFTER_MS = 2_500;

function PlacingNews({ progress }: { progress: Progress }): ReactNode {
  const placing = progress.kind === 'placing';
  const late = useLate(placing, WONDERS_AFTER_MS);
  return (
    <>
      <p role="status" className="hint" aria-label="Waiting for an answer">
        {placing && (late || progress.unanswered > 0) ? NO_ANSWER : ''}
      </p>
      {progress.kind === 'refused' && (
        <p role="alert" className="refusal">
          {progress.detail}
        </p>
      )}
    </>
  );
}
