import { store, type State } from '@checkout/eos';
import { changelogs, topics } from '@checkout/events';

/**
 * What is known of the stock, in three kinds of small rows:
 *
 *   `<bucket>`                      how many pieces are free
 *   `<bucket>|<order id>/<line>`    what became of that order line
 *   `<bucket>|<event id>`           this delivery has been counted
 *
 * Conservation: received = free + held, at every moment; a sold piece is one that stays held for
 * ever.
 *
 * Why not one value per bucket: every put writes the whole value to the changelog, so a bucket that
 * lists its reservations costs more with each order it serves. These rows cost the same for the
 * millionth order as for the first.
 * Rows of lines and deliveries stay for ever. They are what makes a repeat a no-op, and the repeat
 * may come after the topic has forgotten the original. Not promised: a bound on memory; a row has
 * about 200 bytes.
 */
export type StockRow =
  | { readonly free: number }
  | { readonly held: number }
  | { readonly settled: 'refused' | 'released' }
  | { readonly counted: number };

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

export function lineKey({ bucket, orderId, lineNumber }: StockLine): string {
  return `${bucket}|${orderId}/${lineNumber}`;
}

export function deliveryKey(bucket: string, receivedId: string): string {
  return `${bucket}|${receivedId}`;
}

/** A bucket that was never filled is empty: an order may ask before the first delivery. */
export function freeIn(state: State, bucket: string): number {
  const row = state.get(stock, bucket);
  return row && 'free' in row ? row.free : 0;
}
