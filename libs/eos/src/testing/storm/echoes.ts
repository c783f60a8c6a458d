/**
 * The verdict over one partition whose records are said once more as they are: key by key, value by
 * value, so that nothing else need be known of them.
 */
import type { WitnessedLog } from '../witnessed-log.js';
import { contentIn, zombiesIn } from './verdict.js';

export interface Echoes {
  /** Committed inputs. */
  readonly records: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  /** Made of an input that was rolled back, or rolled back and read all the same. */
  readonly rolledBack: number;
  /** Written by an owner after its successor had written. */
  readonly zombies: number;
}

export type Line = WitnessedLog['visible'][number];

/** Of what is visible in the output, or of what somebody else was given of it. */
export function judgeEchoes(
  input: WitnessedLog,
  output: WitnessedLog,
  given: readonly Line[] = output.visible,
): Echoes {
  const expected = input.visible.map(([, line]) => contentIn(line));
  if (expected.length === 0) throw new Error('there is no input to look at');
  const isVisible = new Set(output.visible.map(([offset]) => offset));
  const sum = { duplicated: 0, outOfOrder: 0, rolledBack: 0 };
  const found = new Set<number>();
  let latest = -1;
  for (const [offset, line] of given) {
    const turn = expected.indexOf(contentIn(line));
    if (turn < 0 || !isVisible.has(offset)) sum.rolledBack += 1;
    else if (found.has(turn)) sum.duplicated += 1;
    else {
      if (turn < latest) sum.outOfOrder += 1;
      latest = turn;
      found.add(turn);
    }
  }
  return {
    records: expected.length,
    lost: expected.length - found.size,
    ...sum,
    zombies: zombiesIn([output]),
  };
}
