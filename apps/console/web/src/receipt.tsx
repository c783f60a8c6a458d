import type { OrderView } from '@checkout/api';
import type { ReactNode } from 'react';
import { formatMoney, lineTotal } from './money';
import { pictureOf } from './pictures';
import { useProducts } from './queries';

export function Receipt({ order }: { order: OrderView }): ReactNode {
  const products = useProducts().data ?? [];
  const nameOf = (sku: string): string => products.find((p) => p.sku === sku)?.name ?? sku;
  return (
    <section aria-labelledby="receipt" className="receipt">
      <h2 id="receipt">What you ordered</h2>
      <ul className="lines">
        {order.lines.map((line) => (
          <li key={line.sku}>
            <img src={pictureOf(line.sku)} alt="" width="64" height="48" />
            <span className="name">
              {line.quantity} × {nameOf(line.sku)}
            </span>
            <span className="amount">{formatMoney(lineTotal(line.unitPrice, line.quantity))}</span>
          </li>
        ))}
      </ul>
      <p className="total">
        <span>Total</span>
        <strong>{formatMoney(order.total)}</strong>
      </p>
      <p className="hint">
        Order number <code>{order.id}</code>
      </p>
    </section>
  );
}
