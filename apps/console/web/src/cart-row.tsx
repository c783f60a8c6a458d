import type { Product } from '@checkout/api';
import { useState, type ReactNode } from 'react';
import { cartNews, isQuantity, MAX_QUANTITY, withQuantity, type CartLine } from './cart';
import { focusGoesTo } from './focus-heir';
import { changeMemory } from './memory-store';
import { formatMoney, lineTotal } from './money';
import { pictureOf } from './pictures';

export interface LineProps {
  readonly line: CartLine;
  /** Undefined while the catalogue is on its way. */
  readonly product: Product | undefined;
}

export interface CartRowProps extends LineProps {
  readonly say: (news: string) => void;
}

const nextRowOrCart = focusGoesTo(
  (row) =>
    row.nextElementSibling?.querySelector('button') ?? document.getElementById('cart-heading'),
);

export function CartRow({ line, product, say }: CartRowProps): ReactNode {
  const name = product?.name ?? line.sku;
  const change = async (to: (quantity: number) => number): Promise<void> => {
    const { cart } = await changeMemory((memory) => {
      const now = memory.cart.find(({ sku }) => sku === line.sku)?.quantity;
      if (now === undefined) return memory; // another tab took it out
      return { ...memory, cart: withQuantity(memory.cart, line.sku, to(now)) };
    });
    const left = cart.find(({ sku }) => sku === line.sku)?.quantity;
    say(cartNews(left === undefined ? `${name} removed` : `${left} of ${name}`, cart));
  };
  return (
    <li ref={nextRowOrCart}>
      <Description line={line} product={product} />
      <span className="quantity">
        <button
          type="button"
          aria-label={line.quantity === 1 ? `Remove ${name}` : `One ${name} fewer`}
          onClick={() => void change((quantity) => quantity - 1)}
        >
          −
        </button>
        <QuantityField
          name={name}
          quantity={line.quantity}
          onChange={(n) => void change(() => n)}
        />
        <button
          type="button"
          aria-label={`One ${name} more`}
          onClick={() => void change((quantity) => quantity + 1)}
        >
          +
        </button>
      </span>
      {product && line.quantity > product.available && (
        <span className="shortage">
          {product.available > 0 ? `Only ${product.available} left` : 'Sold out'}
        </span>
      )}
    </li>
  );
}

/** A line of an order that is on its way: nothing about it can be changed. */
export function OrderedRow({ line, product }: LineProps): ReactNode {
  return (
    <li>
      <Description line={line} product={product} />
      <span className="pieces">
        {line.quantity} {line.quantity === 1 ? 'piece' : 'pieces'}
      </span>
    </li>
  );
}

function Description({ line, product }: LineProps): ReactNode {
  return (
    <>
      <img src={pictureOf(line.sku)} alt="" width="64" height="48" />
      <span className="name">{product?.name ?? line.sku}</span>
      <span className="amount">
        {product ? formatMoney(lineTotal(product.unitPrice, line.quantity)) : '…'}
      </span>
    </>
  );
}

interface QuantityFieldProps {
  readonly name: string;
  readonly quantity: number;
  readonly onChange: (quantity: number) => void;
}

/** Shows what is being typed, also when it is no quantity yet; counts only what is one. */
function QuantityField({ name, quantity, onChange }: QuantityFieldProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      inputMode="numeric"
      autoComplete="off"
      maxLength={String(MAX_QUANTITY).length}
      aria-label={`Quantity of ${name}`}
      value={typed ?? quantity}
      onFocus={(event) => event.target.select()}
      onChange={({ target: { value } }) => {
        setTyped(value);
        if (isQuantity(Number(value))) onChange(Number(value));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
