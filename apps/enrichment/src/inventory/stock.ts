import { put, store, type Put, type State } from '@checkout/eos';
import { changelogs, topics, type Payload } from '@checkout/events';
import type { Cause } from '../caused-event.js';

/**
 * What is known of the stock, in small rows:
 *
 *   `<bucket>`                      how many pieces are free, and who has still to hand over
 *   `<bucket>|<order id>/<line>`    what became of that order line
 *   `<bucket>|<event id>`           this delivery, or what another bucket returned, was counted
 *   `<bucket>#<number>`             who waits at home, in order of arrival
 *
 * Conservation: delivered = free + held + on its way from a bucket to its home, at every moment; a
 * sold piece is one that stays held for ever.
 *
 * Why not one value per bucket: every put writes the whole value to the changelog, so a bucket that
 * lists its reservations costs more with each order it serves. These rows cost the same for the
 * millionth order as for the first.
 * Rows of lines, deliveries and returns stay for ever. They are what makes a repeat a no-op, and
 * the repeat may come after the topic has forgotten the original. Not promised: a bound on memory;
 * a row has about 200 bytes.
 */
export type StockRow = Bucket | Line | Counted | Waiting;

export interface Bucket {
  readonly free: number;
  /** It was recalled: from then on it hands everything to its home, and every request. */
  readonly closed?: true;
  /** Of a home: the buckets that have still to answer its recall; absent before there is one. */
  readonly recalls?: readonly string[];
  /** Of a home: the number of who waits first, and of who comes next. */
  readonly queue?: { readonly first: number; readonly next: number };
}

type Line =
  | { readonly held: number }
  | { readonly settled: 'refused' | 'released' }
  | { readonly sentTo: string }
  | { readonly waits: number };

type Counted = { readonly counted: number } | { readonly returned: number };

export interface Waiting {
  readonly line: Payload<'StockRequested'>;
  readonly cause: Cause;
}

export const stock = store<StockRow>({
  name: 'stock',
  changelog: changelogs.stock.name,
  fedBy: topics.inventory.name,
});

export interface StockLine {
  readonly bucket: string;
  readonly orderId: string;
  readonly lineNumber: number;
}

function lineKey({ bucket, orderId, lineNumber }: StockLine): string {
  return `${bucket}|${orderId}/${lineNumber}`;
}

/** Of a delivery, or of what was returned. */
export function countedKey(bucket: string, eventId: string): string {
  return `${bucket}|${eventId}`;
}

export function waitingKey(bucket: string, number: number): string {
  return `${bucket}#${number}`;
}

/** One that was never filled is empty: an order may ask before the first delivery. */
export function bucketIn(state: State, name: string): Bucket {
  const row = state.get(stock, name);
  return row && 'free' in row ? row : { free: 0 };
}

export function lineIn(state: State, line: StockLine): Line | undefined {
  return state.get(stock, lineKey(line)) as Line | undefined;
}

export function lineBecomes(line: StockLine, row: Line): Put<StockRow> {
  return put(stock, lineKey(line), row);
}
