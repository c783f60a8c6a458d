import { minorUnits } from '@checkout/money';
import type { SeenEvent } from '../log-view.js';
import { NOTHING, owe, type Answer } from './output.js';

const WINDOW_MS = 60_000;
const MOST_ORDERS = 20;
const LARGEST_TOTAL = 1_000_000n;
/** Older than this against the newest, a time is forgotten. */
const REMEMBERED_MS = WINDOW_MS + 10 * 60_000;
const REMEMBERED_TIMES = 500;

/** One verdict per order, by what was known of the customer when it was asked for. */
export class FraudModel {
  readonly #times = new Map<string, readonly number[]>();
  readonly #judged = new Set<string>();

  answer({ id, payload }: SeenEvent<'FraudCheckRequested'>): Answer {
    const { orderId, customerId, total, occurredAt } = payload;
    const name = `${customerId}|${orderId}`;
    if (this.#judged.has(name)) return NOTHING;
    this.#judged.add(name);

    const at = Date.parse(occurredAt);
    const times = this.#times.get(customerId) ?? [];
    const ordersInWindow = inFullestWindow([...times, at], at);
    const known = remember([...times, at]);
    this.#times.set(customerId, known);

    const refused = refusalOf(minorUnits(total), ordersInWindow);
    const verdict = { ordersInWindow, total, occurredAt, ...(refused && { refused }) };
    const common = { topic: 'checks', key: orderId } as const;
    return {
      owed: [
        refused
          ? owe(id, {
              ...common,
              type: 'FraudRefused',
              payload: { orderId, ordersInWindow, reason: refused, occurredAt },
            })
          : owe(id, {
              ...common,
              type: 'FraudCleared',
              payload: { orderId, ordersInWindow, occurredAt },
            }),
      ],
      puts: [
        { store: 'velocity', key: name, value: verdict },
        { store: 'velocity', key: customerId, value: { times: known } },
      ],
    };
  }
}

function refusalOf(total: bigint, orders: number) {
  if (total > LARGEST_TOTAL) return 'amount-too-large' as const;
  return orders > MOST_ORDERS ? ('too-many-orders' as const) : undefined;
}

/** Every window of a minute that begins with an order and holds this one, counted anew. */
function inFullestWindow(times: readonly number[], at: number): number {
  const begins = times.filter((time) => time <= at && at - time <= WINDOW_MS);
  const counts = begins.map(
    (begin) => times.filter((time) => time >= begin && time - begin <= WINDOW_MS).length,
  );
  return Math.max(...counts);
}

function remember(times: readonly number[]): readonly number[] {
  const sorted = times.toSorted((a, b) => a - b);
  const newest = sorted.at(-1) ?? 0;
  return sorted.filter((time) => time >= newest - REMEMBERED_MS).slice(-REMEMBERED_TIMES);
}
