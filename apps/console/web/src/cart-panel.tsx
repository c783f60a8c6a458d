import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { cart, withQuantity } from './cart';
import { cartTotal, formatMoney, lineTotal } from './money';
import { pictureOf } from './pictures';
import { placeOrder, useProgress, type Progress } from './placing';
import { refreshProducts } from './queries';
import { navigate } from './router';
import { useStored } from './stored';
import type { CartLine, Product } from './types';
import { TEST_CARDS } from './words';

export function CartPanel({ products }: { products: readonly Product[] }): ReactNode {
  const lines = useStored(cart);
  const progress = useProgress();
  const client = useQueryClient();
  const [card, setCard] = useState<string>(TEST_CARDS[0].id);
  const placing = progress.kind === 'placing';
  const total = cartTotal(lines, products);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const outcome = await placeOrder(() => {
      const current = cart.get();
      const expectedTotal = cartTotal(current, products);
      return expectedTotal ? { lines: current, paymentMethod: card, expectedTotal } : null;
    });
    if (outcome.kind === 'refused') await refreshProducts(client);
    if (outcome.kind === 'placed') navigate(`/orders/${outcome.orderId}`);
  };

  return (
    <aside id="cart" className="cart" aria-labelledby="cart-heading">
      <h2 id="cart-heading">Cart</h2>
      {lines.length === 0 && !placing ? (
        <p className="empty">Nothing in it yet.</p>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <fieldset disabled={placing} className="plain">
            <ul className="lines">
              {lines.map((line) => (
                <CartRow key={line.sku} line={line} products={products} />
              ))}
            </ul>
            <CardPicker card={card} onPick={setCard} />
            <p className="total">
              <span>Total</span>
              <strong>{total ? formatMoney(total) : '…'}</strong>
            </p>
            <button type="submit" className="primary" disabled={placing || !total}>
              {placing ? 'Placing your order…' : 'Place order'}
            </button>
          </fieldset>
        </form>
      )}
      <PlacingNews progress={progress} />
    </aside>
  );
}

const NO_ANSWER =
  'No answer yet. The same request is sent again until there is one, ' +
  'and it cannot become a second order.';

function PlacingNews({ progress }: { progress: Progress }): ReactNode {
  return (
    <>
      <p role="status" className="hint" aria-label="Placing">
        {progress.kind === 'placing' && progress.unanswered > 0 ? NO_ANSWER : ''}
      </p>
      {progress.kind === 'refused' && (
        <p role="alert" className="refusal">
          {progress.detail}
        </p>
      )}
    </>
  );
}

function CartRow({ line, products }: { line: CartLine; products: readonly Product[] }): ReactNode {
  const product = products.find(({ sku }) => sku === line.sku);
  const name = product?.name ?? line.sku;
  const change = (quantity: number): void => {
    cart.set(withQuantity(cart.get(), line.sku, quantity));
  };
  return (
    <li>
      <img src={pictureOf(line.sku)} alt="" width="64" height="48" />
      <span className="name">{name}</span>
      <span className="amount">
        {product ? formatMoney(lineTotal(product.unitPrice, line.quantity)) : '…'}
      </span>
      <span className="quantity">
        <button
          type="button"
          aria-label={line.quantity === 1 ? `Remove ${name}` : `One ${name} fewer`}
          onClick={() => change(line.quantity - 1)}
        >
          −
        </button>
        <input
          type="number"
          inputMode="numeric"
          min="1"
          max="999"
          aria-label={`Quantity of ${name}`}
          value={line.quantity}
          onChange={(event) => change(event.target.valueAsNumber || line.quantity)}
        />
        <button
          type="button"
          aria-label={`One ${name} more`}
          onClick={() => change(line.quantity + 1)}
        >
          +
        </button>
      </span>
    </li>
  );
}

interface CardPickerProps {
  readonly card: string;
  readonly onPick: (card: string) => void;
}

function CardPicker({ card, onPick }: CardPickerProps): ReactNode {
  return (
    <fieldset className="cards">
      <legend>Test card</legend>
      {TEST_CARDS.map(({ id, name, hint }) => (
        <label key={id}>
          <input
            type="radio"
            name="card"
            value={id}
            checked={card === id}
            aria-describedby={`hint-${id}`}
            onChange={() => onPick(id)}
          />
          <span>{name}</span>
          <small id={`hint-${id}`} aria-hidden="true">
            {hint}
          </small>
        </label>
      ))}
    </fieldset>
  );
}
