import { useState, type ReactNode } from 'react';
import { addToCart, cart, pieces } from './cart';
import { CartPanel } from './cart-panel';
import { formatMoney } from './money';
import { PageHeading } from './page-heading';
import { pictureOf } from './pictures';
import { useProducts } from './queries';
import { useStored } from './stored';
import type { Product } from './types';

export function ShopPage(): ReactNode {
  const products = useProducts();
  const lines = useStored(cart);
  const [said, say] = useState('');

  const add = (product: Product): void => {
    const next = addToCart(cart.get(), product.sku);
    cart.set(next);
    say(`${product.name} added. ${pieces(next)} in the cart.`);
  };

  return (
    <main id="main" className="shop">
      <div className="goods">
        <PageHeading title="Shop" />
        <p className="lead">
          Six things and four test cards. Whatever breaks on the way, an order is charged once and
          booked once.
        </p>
        {products.data ? (
          <ul className="products">
            {products.data.map((product) => (
              <ProductCard key={product.sku} product={product} onAdd={add} />
            ))}
          </ul>
        ) : (
          <p role="status">{products.error ? products.error.message : 'Fetching the catalogue…'}</p>
        )}
        {lines.length > 0 && (
          <a className="to-cart" href="#cart">
            Go to the cart <span className="count">{pieces(lines)}</span>
          </a>
        )}
      </div>
      <CartPanel products={products.data ?? []} />
      <p className="unseen" role="status" aria-label="Cart news">
        {said}
      </p>
    </main>
  );
}

interface ProductCardProps {
  readonly product: Product;
  readonly onAdd: (product: Product) => void;
}

function ProductCard({ product, onAdd }: ProductCardProps): ReactNode {
  return (
    <li className="product">
      <img src={pictureOf(product.sku)} alt="" width="320" height="240" />
      <h2>{product.name}</h2>
      <p className="price">{formatMoney(product.unitPrice)}</p>
      {product.description && <p className="description">{product.description}</p>}
      <p className="stock" data-state={product.available > 0 ? 'available' : 'sold-out'}>
        {stockText(product.available)}
      </p>
      <button
        type="button"
        className="quiet"
        disabled={product.available <= 0}
        onClick={() => onAdd(product)}
      >
        Add <span className="unseen">{product.name}</span> to cart
      </button>
    </li>
  );
}

/** Below this a buyer wants to know the number. */
const FEW_PIECES = 20;

function stockText(available: number): string {
  if (available <= 0) return 'Sold out';
  return available <= FEW_PIECES ? `Only ${available} left` : 'In stock';
}
