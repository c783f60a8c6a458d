import { changelogs, partitionOf, streamsChangelogs } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  corruption,
  lose,
  newest,
  ordersThatAre,
  payloadOf,
  recordsThatAre,
  write,
  type Corruption,
  type DraftRecord,
} from './planting.js';

const { stock, velocity, checks } = changelogs;

/** Every record of a key: as if it had never been put. */
function forget(draft: Draft, { topic, key }: DraftRecord): void {
  const own = recordsThatAre(draft, 'committed', topic).filter((record) => record.key === key);
  for (const record of own) lose(draft, record);
}

function put(draft: Draft, row: DraftRecord, value: object): void {
  write(draft, { ...row, value: JSON.stringify(value) });
}

function customerRow(draft: Draft): DraftRecord | undefined {
  const [order] = draft.orders.orders;
  return newest(draft, velocity.name, order?.customerId ?? '');
}

interface Checked {
  decided: string;
  held: Record<string, object>;
  released: number[];
}

function checkedRow(draft: Draft, ...statuses: string[]): DraftRecord | undefined {
  const [order] = ordersThatAre(draft, ...statuses);
  return newest(draft, checks.name, order?.id ?? '');
}

/** As if another partition had been read for it; it stays the newest of its key. */
function misplace(draft: Draft, row: DraftRecord): boolean {
  const partition = row.partition + 1;
  if (partition === stock.partitions || row !== newest(draft, row.topic, row.key ?? ''))
    return false;
  lose(draft, row);
  write(draft, { ...row, partition });
  return true;
}

/** What stages remember: nothing looks wrong until they start again. */
export const corruptionsOfStores: readonly Corruption[] = [
  ...[stock, velocity, checks].map(({ name }) =>
    corruption('A06', `a row lies on another partition of ${name}`, (draft) =>
      recordsThatAre(draft, 'committed', name).some((row) => misplace(draft, row)),
    ),
  ),
  corruption('A10', 'the verdict on an order is forgotten', (draft) => {
    const [order] = draft.orders.orders;
    const row = order && newest(draft, velocity.name, `${order.customerId}|${order.id}`);
    if (!row) return false;
    forget(draft, row);
  }),
  corruption('A10', 'when a customer has ordered is forgotten', (draft) => {
    const row = customerRow(draft);
    if (!row) return false;
    forget(draft, row);
  }),
  corruption('A10', 'a customer has ordered at times at which nobody has', (draft) => {
    const row = customerRow(draft);
    if (!row) return false;
    const [first = 0] = payloadOf<{ times: number[] }>(row).times;
    put(draft, row, { times: Array.from({ length: 21 }, (_, i) => first + i) });
  }),
  corruption('A10', 'one of a customer’s orders was moved out of the window', (draft) => {
    const row = customerRow(draft);
    if (!row) return false;
    const [first = 0, ...others] = payloadOf<{ times: number[] }>(row).times;
    put(draft, row, { times: [first - 61_000, ...others] });
  }),
  corruption('A10', 'an order that is approved is remembered as rejected', (draft) => {
    const row = checkedRow(draft, 'booked');
    if (!row) return false;
    put(draft, row, { ...payloadOf<Checked>(row), decided: 'rejected' });
  }),
  corruption('A10', 'an order that is over is forgotten', (draft) => {
    const row = checkedRow(draft, 'booked');
    if (!row) return false;
    forget(draft, row);
  }),
  corruption('A10', 'a line that was given back is remembered as held', (draft) => {
    const row = checkedRow(draft, 'cancelled', 'payment_failed', 'refunded');
    if (!row) return false;
    const [lineNumber, ...released] = payloadOf<Checked>(row).released;
    if (lineNumber === undefined) return false;
    const held = { [lineNumber]: { sku: 'milk-jug', bucket: 'milk-jug/0', quantity: 1 } };
    put(draft, row, { ...payloadOf<Checked>(row), held, released });
  }),
  corruption('A10', 'a line is settled that nobody has asked for', (draft) => {
    const [row] = recordsThatAre(draft, 'committed', stock.name);
    const [product] = draft.orders.products;
    if (!row || !product) return false;
    const bucket = `${product.sku}/0`;
    const key = `${bucket}|018f0000-0000-7000-8000-00000000beef/1`;
    const partition = partitionOf(bucket, stock.partitions);
    put(draft, { ...row, key, partition }, { settled: 'released' });
  }),
  corruption('A10', 'Kafka Streams has kept a row, too, beside the engine', (draft) => {
    const [row] = recordsThatAre(draft, 'committed', checks.name);
    if (!row) return false;
    const { partition } = row;
    const topic = streamsChangelogs.checks;
    const nothing = { start: 0, lastStable: 0, end: 0, records: [], markers: [] };
    draft.kafka.logs.push({ topic, partition, ...nothing });
    write(draft, { ...row, topic });
  }),
];
