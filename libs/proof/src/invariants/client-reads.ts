import type { ClientRead } from '../evidence/recordings.js';
import type { HistoryRow } from '../evidence/rows.js';
import type { CounterExample } from '../invariant.js';

/**
 * What clients saw of orders, held against what the orders have gone through.
 *
 * An order that was accepted is there for whoever asks; what is seen of it is a version that it has
 * had, with that version's status; and nobody sees an older version than somebody has seen before.
 * "Before" is an answer that came before the question was put: two questions that overlap in time
 * may be answered in either order.
 */
export function readFaults(
  reads: readonly ClientRead[],
  historyOf: ReadonlyMap<string, readonly HistoryRow[]>,
): CounterExample[] {
  return [...Map.groupBy(reads, ({ orderId }) => orderId)].flatMap(([orderId, own]) => {
    const what = absent(own) ?? untrue(own, historyOf.get(orderId) ?? []) ?? wentBack(own);
    return what === undefined ? [] : [{ what, orderId }];
  });
}

function absent(reads: readonly ClientRead[]): string | undefined {
  return reads.some(({ seen }) => seen === null)
    ? 'a client was told that there is no such order, after a yes'
    : undefined;
}

function untrue(reads: readonly ClientRead[], history: readonly HistoryRow[]): string | undefined {
  const statusOf = new Map(history.map(({ version, status }) => [version, status]));
  const wrong = reads.find(({ seen }) => seen && statusOf.get(seen.version) !== seen.status)?.seen;
  if (!wrong) return undefined;
  return `a client saw ${wrong.status} in version ${wrong.version}, which its history has not`;
}

function wentBack(reads: readonly ClientRead[]): string | undefined {
  const answered = reads.toSorted((a, b) => a.answeredAt - b.answeredAt);
  let next = 0;
  let newest = 0;
  for (const { seen, askedAt } of reads.toSorted((a, b) => a.askedAt - b.askedAt)) {
    for (; (answered[next]?.answeredAt ?? Infinity) < askedAt; next++) {
      newest = Math.max(newest, answered[next]?.seen?.version ?? 0);
    }
    if (seen && seen.version < newest) {
      return `a client saw version ${seen.version} after version ${newest}`;
    }
  }
  return undefined;
}
