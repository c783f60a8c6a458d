import type { AttemptRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';

export const a19: Invariant = {
  id: 'A19',
  says: 'Another attempt is made only after the one before has failed for certain.',
  rule:
    'attempts per order and operation: numbers 1..n without a hole; all but the last are ' +
    'FAILED, and each was made at or after the moment at which the one before was decided',
  judge({ evidence }) {
    const { attempts } = evidence.payments;
    const series = Map.groupBy(attempts, ({ orderId, operation }) => `${orderId} ${operation}`);
    return {
      rows: attempts.length,
      counterExamples: [...series.values()].flatMap((own) => {
        const sorted = own.toSorted((a, b) => a.attempt - b.attempt);
        const what = holeIn(sorted) ?? sorted.flatMap(tooEarly)[0];
        return what === undefined ? [] : [{ what, orderId: sorted[0]?.orderId }];
      }),
    };
  },
};

function holeIn(attempts: readonly AttemptRow[]): string | undefined {
  if (attempts.every(({ attempt }, i) => attempt === i + 1)) return undefined;
  const numbers = attempts.map(({ attempt }) => attempt).join(', ');
  return `${attempts[0]?.operation} has attempts ${numbers}`;
}

/** Clocks of two processes: the database writes when, the service reads its own clock. */
const CLOCKS_DIFFER_MS = 1_000;

function tooEarly(
  { operation, attempt, createdAt }: AttemptRow,
  i: number,
  all: readonly AttemptRow[],
): string[] {
  const before = all[i - 1];
  if (!before) return [];
  if (before.state !== 'FAILED') {
    return [`${operation} attempt ${attempt} was made, attempt ${i} is ${before.state}`];
  }
  if (before.decidedAt === null || createdAt + CLOCKS_DIFFER_MS >= before.decidedAt) return [];
  return [`${operation} attempt ${attempt} was made before attempt ${i} had failed`];
}
