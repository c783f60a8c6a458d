import type { Product } from '@checkout/api';
import { useState, type ReactNode } from 'react';
import { addToCart, cartNews, pieces, type CartLine } from './cart';
import { CartPanel } from './cart-panel';
import { changeMemory, useMemory } from './memory-store';
import { cartTotal, formatMoney } from './money';
import { PageHeading } from './page-heading';
import { pictureOf } from './pictures';
import { useProducts } from './queries';

/** As many as the first catalogue has, so that nothing jumps when it comes. */
const EXPECTED_PRODUCTS = 6;

export function ShopPage({ onPlaced }: { onPlaced: (orderId: string) => void }): ReactNode {
  const products = useProducts();
  const { cart } = useMemory();
  const [said, say] = useState('');

  const add = async (product: Product): Promise<void> => {
    const { cart: now } = await changeMemory((memory) => ({
      ...memory,
      cart: addToCart(memory.cart, product.sku),
    }));
    say(cartNews(`${product.name} added`, now));
  };

  return (
    <main id="main" className="shop">
      <div className="goods">
        <PageHeading title="Shop" />
        <p className="lead">
          Six things, and five cards that behave as banks do. Whatever breaks on the way, an order
          is charged once and booked once.
        </p>
        <p role="status" className="hint" aria-label="Catalogue">
          {products.failureCount > 0 && !products.data && 'The shop does not answer. Trying again…'}
          {products.isError && products.error.message}
        </p>
        <ul className="products" aria-busy={!products.data}>
          {products.data?.map((product) => (
            <ProductCard key={product.sku} product={product} onAdd={add} />
          )) ?? Array.from({ length: EXPECTED_PRODUCTS }, (_, i) => <EmptyCard key={i} />)}
        </ul>
        <ToCart cart={cart} products={products.data ?? []} />
      </div>
      <CartPanel products={products.data ?? []} say={say} onPlaced={onPlaced} />
      <p className="unseen" role="status" aria-label="Cart news">
        {said}
      </p>
    </main>
  );
}

interface ToCartProps {
  readonly cart: readonly CartLine[];
  readonly products: readonly Product[];
}

/** On a phone the cart lies below the goods. */
function ToCart({ cart, products }: ToCartProps): ReactNode {
  const total = cartTotal(cart, products);
  if (!total) return null;
  const count = pieces(cart);
  return (
    <a className="to-cart" href="#cart">
      <span>
        Go to the cart, {count} {count === 1 ? 'piece' : 'pieces'}
      </span>
      <span>{formatMoney(total)}</span>
    </a>
  );
}

interface ProductCardProps {
  readonly product: Product;
  readonly onAdd: (product: Product) => Promise<void>;
}

function ProductCard({ product, onAdd }: ProductCardProps): ReactNode {
  const soldOut = product.available <= 0;
  return (
    <li className="product">
      <img src={pictureOf(product.sku)} alt="" width="320" height="240" />
      <h2>{product.name}</h2>
      <p className="price">{formatMoney(product.unitPrice)}</p>
      <p className="description">{product.description}</p>
      <p className="stock" data-state={soldOut ? 'sold-out' : 'available'}>
        {stockText(product.available)}
      </p>
      {/* A button that is disabled under somebody's finger would lose the keyboard's place. */}
      <button
        type="button"
        className="quiet"
        aria-disabled={soldOut}
        onClick={() => {
          if (!soldOut) void onAdd(product);
        }}
      >
        Add <span className="unseen">{product.name}</span> to cart
      </button>
    </li>
  );
}

/** The size of a product before it is known. */
function EmptyCard(): ReactNode {
  return (
    <li className="product awaited" aria-hidden="true">
      <span className="picture" />
      <span className="words" />
      <span className="words" />
    </li>
  );
}

/** Below this a buyer wants to know the number. */
const FEW_PIECES = 20;

function stockText(available: number): string {
  if (available <= 0) return 'Sold out';
  return available <= FEW_PIECES ? `Only ${available} left` : 'In stock';
}
