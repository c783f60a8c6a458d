import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Emit } from '@checkout/eos';
import { orderPlacedId, topics } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { bucketOf, homeBucketOf, otherBucketsOf } from '../inventory/buckets.js';
import { numbered, PLACED_AT, TRACE } from './given.js';
import { zipf } from './zipf.js';

/**
 * A process that writes records of `enrichment.inventory` into a file, for a program that sends
 * them: more stock than anybody will want, or what orders ask for, as the split stage asks. What
 * the n-th order wants depends on n, the products and nothing else.
 */
interface RecordsOptions {
  readonly file: string;
  /** In the order of their popularity. */
  readonly products: readonly string[];
  readonly requests?: {
    readonly firstOrder: number;
    readonly count: number;
    /** Each product's home is asked, or the bucket that the order's id says. */
    readonly ask: 'home' | 'buckets';
    readonly exponent: number;
  };
}

const ENOUGH = 1_000_000_000;
const MOST_PIECES = 4;

const options = JSON.parse(process.argv[2] ?? '{}') as RecordsOptions;
const { file, products, requests } = options;
writeFileSync(file, (requests ? asked(requests) : delivered()).map(lineOf).join(''));

function delivered(): Emit[] {
  return products.flatMap((sku, n) =>
    [homeBucketOf(sku), ...otherBucketsOf(sku)].map((bucket) =>
      emitCaused(topics.inventory, causeOf(n), {
        type: 'StockReceived',
        key: bucket,
        subject: bucket,
        payload: { sku, bucket, quantity: ENOUGH, occurredAt: PLACED_AT },
      }),
    ),
  );
}

function asked({ firstOrder, count, ask, exponent }: Required<RecordsOptions>['requests']): Emit[] {
  const wanted = zipf(products.length, exponent);
  return Array.from({ length: count }, (_, n) => {
    const orderId = numbered(firstOrder + n);
    const chance = createHash('sha256').update(`order ${n}`).digest();
    const sku = products[wanted(chance.readUInt32BE() / 2 ** 32)] ?? '';
    const bucket = ask === 'home' ? homeBucketOf(sku) : bucketOf(sku, orderId);
    const quantity = 1 + (chance.readUInt8(4) % MOST_PIECES);
    return emitCaused(topics.inventory, causeOf(firstOrder + n), {
      type: 'StockRequested',
      key: bucket,
      subject: '1',
      payload: { orderId, lineNumber: 1, sku, bucket, quantity, occurredAt: PLACED_AT },
    });
  });
}

function causeOf(order: number) {
  return { id: orderPlacedId(numbered(order)), traceparent: TRACE };
}

/** Partition, key, value and headers, with tabs between them: JSON has none. */
function lineOf({ record: { partition, key, value, headers } }: Emit): string {
  const named = Object.entries(headers).map(([name, text]) => `${name}=${text}`);
  return `${[partition, key, value.toString('utf8'), ...named].join('\t')}\n`;
}
