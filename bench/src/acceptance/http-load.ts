import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { type Placing, serveBursts } from './load-process.js';

/** Orders over HTTP, as clients send them, each with a key of its own. */
export interface HttpLoad {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly skus: readonly string[];
  readonly paymentMethod: string;
  readonly concurrency: number;
}

serveBursts<HttpLoad>(({ url, tokens, skus, paymentMethod, concurrency }): Placing => {
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
  const bodies = skus.map((sku) =>
    JSON.stringify({ lines: [{ sku, quantity: 1 }], paymentMethod }),
  );
  let n = 0;
  return {
    concurrency,
    prepare: () => undefined,
    async place() {
      n += 1;
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/api/orders',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens[n % tokens.length] ?? ''}`,
          'idempotency-key': randomUUID(),
        },
        body: bodies[n % bodies.length] ?? '',
      });
      const text = await body.text();
      if (statusCode !== 201) throw new Error(`an order was answered ${statusCode}: ${text}`);
      return (JSON.parse(text) as { id: string }).id;
    },
  };
});
