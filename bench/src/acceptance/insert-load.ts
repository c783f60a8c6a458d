import { Client } from 'pg';
import { INSERT_ORDER, type OrderRow, orderRow } from './insert-order.statement.js';
import { type Placing, serveBursts } from './load-process.js';

/**
 * The same rows by the shortest way there is: one prepared statement an order, so many connections
 * at once, and nothing in front of them. The rows are made before the clock runs.
 */
export interface InsertLoad {
  readonly databaseUrl: string;
  readonly customers: readonly string[];
  readonly products: readonly { readonly sku: string; readonly unitPrice: string }[];
  readonly paymentMethod: string;
  readonly concurrency: number;
}

/** More than a burst of seconds can use. */
const ROWS_READY = 40_000;

serveBursts<InsertLoad>(async (options): Promise<Placing> => {
  const { databaseUrl, customers, products, paymentMethod, concurrency } = options;
  const idle: Client[] = [];
  for (let n = 0; n < concurrency; n += 1) {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    idle.push(client);
  }
  let ready: OrderRow[] = [];
  let used = 0;
  let n = 0;
  const nextRow = (): OrderRow => {
    n += 1;
    const [customerId, product] = [customers[n % customers.length], products[n % products.length]];
    if (!customerId || !product) throw new Error('there is nobody to order, or nothing');
    return orderRow({ customerId, product, paymentMethod });
  };
  const waiting: ((client: Client) => void)[] = [];
  const take = (): Promise<Client> | Client =>
    idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  return {
    concurrency,
    prepare() {
      ready = ready.slice(used);
      used = 0;
      while (ready.length < ROWS_READY) ready.push(nextRow());
    },
    async place() {
      const row = ready[used] ?? nextRow();
      used += 1;
      const client = await take();
      await client.query({ name: 'insert-order', text: INSERT_ORDER, values: [...row.values] });
      const next = waiting.shift();
      if (next) next(client);
      else idle.push(client);
      return row.id;
    },
  };
});
