import { PartitionStores } from '../partition-stores.js';
import { store } from '../store.js';

/**
 * What a restored key costs, measured: a process of its own, started with --expose-gc. Says a line
 * of JSON for each shape of value, restored from the bytes that a changelog holds.
 */
const KEYS = 50_000;

/** As long as a UUID. */
const idOf = (i: number): string => String(i).padStart(36, '0');

const shapes: Readonly<Record<string, (i: number) => unknown>> = {
  'a number': (i) => i,
  'a row of one field': (i) => ({ free: i }),
  'an order with two lines': (i) => ({
    order: {
      orderId: idOf(i),
      customerId: idOf(i + KEYS),
      currency: 'EUR',
      lines: [
        { lineNumber: 1, sku: `sku-${i % 50}`, quantity: 1, unitPriceMinorUnits: 1_999 },
        { lineNumber: 2, sku: `sku-${i % 40}`, quantity: 2, unitPriceMinorUnits: 250 },
      ],
    },
    fraud: { ordersInWindow: 3 },
  }),
};

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const definition = store<never>({ name: 'measured', changelog: 'measured.log', fedBy: 'in' });

function measured(value: (i: number) => unknown): object {
  const before = heap();
  const stores = new PartitionStores([definition], 0);
  let logBytes = 0;
  let restoringMs = 0;
  for (let i = 0; i < KEYS; i++) {
    const json = Buffer.from(JSON.stringify(value(i)), 'utf8');
    const key = Buffer.from(idOf(i), 'utf8');
    logBytes += json.length + key.length;
    const from = performance.now();
    stores.restore(definition, key.toString('utf8'), json);
    restoringMs += performance.now() - from;
  }
  const bytes = heap() - before;
  return {
    keys: stores.size(),
    bytesInTheLog: Math.round(logBytes / KEYS),
    bytesInMemory: Math.round(bytes / KEYS),
    microsecondsToRestore: Number(((restoringMs * 1_000) / KEYS).toFixed(1)),
  };
}

for (const [shape, value] of Object.entries(shapes)) {
  console.log(JSON.stringify({ value: shape, ...measured(value) }));
}
