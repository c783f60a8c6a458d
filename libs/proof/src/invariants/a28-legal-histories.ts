import type { FactRow, HistoryRow, OrderRow, ToldRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { readFaults } from './client-reads.js';

export const a28: Invariant = {
  id: 'A28',
  says: 'Every order has come to its status by legal steps, one version at a time.',
  rule:
    'order_history: versions 1..n without a hole, each step one of the table of steps; the ' +
    'order has the last version, status and reason; a version has the reason of its fact, and ' +
    'one exactly if it came to nothing; each version was told once, and a wish to cancel ' +
    'as well (order_events), in a version that was not over yet, on the stream of the order’s ' +
    'customer, and seq rises with the versions; no history and no telling is of no order; reads: ' +
    'each finds the order, in a version and status of its history, and in none older than one ' +
    'seen before',
  everyOrder: true,
  judge({ evidence }) {
    const { orders, history, told, facts } = evidence.orders;
    const reasonOf = reasons(facts);
    const historyOf = Map.groupBy(history, ({ orderId }) => orderId);
    const { reads } = evidence.recordings;
    const toldOf = Map.groupBy(told, ({ orderId }) => orderId);
    const known = new Set(orders.map(({ id }) => id));
    const spokenOf = new Set([...historyOf.keys(), ...toldOf.keys()]);
    const ofNone = [...spokenOf].filter((id) => !known.has(id));
    const illegal = orders.flatMap((order) => {
      const { id: orderId } = order;
      const own = historyOf.get(orderId) ?? [];
      const what =
        orderFault(order, own, toldOf.get(orderId) ?? []) ?? reasonFault(order, own, reasonOf);
      return what === undefined ? [] : [{ what, orderId }];
    });
    return {
      rows: orders.length + history.length + (reads?.length ?? 0),
      ...(reads === null ? { without: NO_READS } : { recorded: reads.length }),
      counterExamples: [
        ...illegal,
        ...ofNone.map((orderId) => ({ what: 'has a history and is not there', orderId })),
        ...readFaults(reads ?? [], historyOf),
      ],
    };
  },
};

const NO_READS = 'no client wrote down what it saw (reads.ndjson in the run folder)';

function orderFault(
  { customerId, status, version, cancelRequested }: OrderRow,
  history: readonly HistoryRow[],
  told: readonly ToldRow[],
): string | undefined {
  const steps = history.toSorted((a, b) => a.version - b.version);
  const last = steps.at(-1);
  return (
    pathFault(steps) ??
    (last?.status === status && last.version === version
      ? undefined
      : `is ${status} in version ${version}, its history ends otherwise`) ??
    tellingFault(told, { steps, wishes: Number(cancelRequested) }) ??
    streamFault(told, customerId)
  );
}

function reasons(facts: readonly FactRow[]): ReadonlyMap<string, string | null> {
  return new Map(facts.map(({ orderId, kind, reason }) => [`${orderId} ${kind}`, reason]));
}

const CAME_TO_NOTHING = ['rejected', 'payment_failed', 'cancelled', 'refunded'];

/** What the customer reads of why he has nothing. */
function reasonFault(
  { id, version, reason }: OrderRow,
  history: readonly HistoryRow[],
  reasonOf: ReadonlyMap<string, string | null>,
): string | undefined {
  const other = history.find((row) => {
    const isDue = CAME_TO_NOTHING.includes(row.status);
    const stated = reasonOf.get(`${id} ${row.status}`);
    return (row.reason !== null) !== isDue || (stated !== undefined && stated !== row.reason);
  });
  if (other) return `its version ${other.version} has another reason than the fact that made it`;
  const last = history.find((row) => row.version === version);
  return last?.reason === reason ? undefined : 'gives another reason than its history';
}

/** Who goes on after the last place that he has seen must find everything that came later. */
function streamFault(told: readonly ToldRow[], customerId: string): string | undefined {
  const other = told.find((row) => row.customerId !== customerId);
  if (other) return `is told of on the stream of customer ${other.customerId}`;
  const inOrder = told.toSorted((a, b) => a.seq - b.seq);
  const back = inOrder.find((row, i) => {
    const before = inOrder[i - 1];
    return before !== undefined && rankOf(row) <= rankOf(before);
  });
  return back && `version ${back.version} was told after what came later`;
}

/** A wish comes after the version in which it was wished. */
function rankOf({ version, wish }: ToldRow): number {
  return 2 * version + Number(wish);
}

/** What the customer's event stream said of it. */
function tellingFault(
  told: readonly ToldRow[],
  { steps, wishes }: { steps: readonly HistoryRow[]; wishes: number },
): string | undefined {
  const versions = told.filter(({ wish }) => !wish).map(({ version }) => version);
  const sorted = versions.toSorted((a, b) => a - b).join(', ');
  if (sorted !== steps.map(({ version }) => version).join(', ')) {
    return `the customer was told of versions ${sorted}`;
  }
  const toldWishes = told.length - versions.length;
  const late = told.find(({ wish, version }) => wish && isOver(steps, version));
  if (late) return `a wish to cancel was taken in version ${late.version}, when it was over`;
  return toldWishes === wishes
    ? undefined
    : `the customer was told of ${toldWishes} wishes to cancel, ${wishes} of his were stored`;
}

function isOver(steps: readonly HistoryRow[], version: number): boolean {
  const status = steps.find((step) => step.version === version)?.status ?? '';
  return !(status in STEPS);
}

/** What may follow what; nothing follows what is over. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  placed: ['approved', 'rejected'],
  approved: ['paid', 'payment_failed', 'cancelled'],
  paid: ['booked'],
  booked: ['refunded'],
};

function pathFault(steps: readonly { version: number; status: string }[]): string | undefined {
  const words = steps.map(({ version, status }) => `${version} ${status}`).join(', ');
  const holes = steps.some(({ version }, i) => version !== i + 1);
  if (holes || steps.length === 0) return `its versions have a hole: ${words}`;
  if (steps[0]?.status !== 'placed') return `it does not begin with placed: ${words}`;
  const illegal = steps.slice(1).find(({ status }, i) => {
    return !STEPS[steps[i]?.status ?? '']?.includes(status);
  });
  return illegal ? `${illegal.status} may not follow: ${words}` : undefined;
}
