import type { Audit } from '@checkout/proof';
import { describe, expect, it } from 'vitest';
import { lossOf } from './table.js';
import { differences, exampleOf, faults, redOf } from './verdict.js';

type Result = Audit['invariants'][number];

const TWICE = 'OrderOpened is there 2 times and owed 1';
const loss = lossOf('one-transaction');

function one(id: string, verdict: Result['verdict'], what?: string): Result {
  const counterExamples = what === undefined ? [] : [{ what, at: 'enrichment.checks-0@7' }];
  const empty = { says: '', rule: '', rows: 1, milliseconds: 0, consequences: [] };
  return { id, verdict, counterExamples, ...empty };
}

function judged(found: readonly Result[], waitingFor: readonly string[] = []) {
  const others = ['A03', 'A08', 'A30'].filter((id) => found.every((result) => result.id !== id));
  const invariants = [...found, ...others.map((id) => one(id, 'HELD'))];
  return { orders: 20, invariants, rest: { waitedMilliseconds: 0, waitingFor } };
}

describe('without a guard', () => {
  it('is as it must be when exactly what is named is violated, by an example of its kind', () => {
    const verdict = judged([one('A10', 'VIOLATED', TWICE)]);
    expect(differences(verdict, loss)).toEqual([]);
    expect(redOf(verdict)).toBe('A10 VIOLATED; all others hold');
    expect(exampleOf(verdict, loss)).toBe(`A10 enrichment.checks-0@7 ${TWICE}`);
  });

  it('is not when all holds, as it does when the misfortune has not struck', () => {
    expect(differences(judged([one('A10', 'HELD')]), loss)).toEqual([
      'A10 is not violated',
      'A10 has no counter-example like is there 2 times and owed 1',
    ]);
  });

  it('is not when more is violated, or explained, than is named', () => {
    const also = [one('A08', 'VIOLATED', 'skipped'), one('A30', 'EXPLAINED')];
    const verdict = judged([one('A10', 'VIOLATED', TWICE), ...also]);
    expect(differences(verdict, loss)).toEqual(['A08 is violated', 'A30 is explained']);
  });

  it('is not when it is violated for another reason', () => {
    const verdict = judged([one('A10', 'VIOLATED', 'no input calls for this OrderOpened')]);
    expect(differences(verdict, loss)).toEqual([
      'A10 has no counter-example like is there 2 times and owed 1',
    ]);
  });

  it('is not when nobody has looked', () => {
    const verdict = judged([one('A10', 'VIOLATED', TWICE), one('A09', 'NOT OBSERVED')]);
    expect(differences(verdict, loss)).toEqual(['A09 was not observed']);
  });
});

describe('with all guards', () => {
  it('holds when nothing is red, and no answer was lost to look at', () => {
    const verdict = judged([one('A10', 'HELD'), one('A03', 'NOT OBSERVED')]);
    expect(faults(verdict)).toEqual([]);
    expect(redOf(verdict)).toBe('EXACTLY-ONCE HELD orders=20');
  });

  it('does not when anything is red, or still on its way', () => {
    const red = [one('A10', 'VIOLATED', TWICE), one('A30', 'EXPLAINED')];
    const waitingFor = ['1 orders that are not final'];
    expect(faults(judged(red, waitingFor))).toEqual([
      'A10 is violated',
      'A30 is explained',
      'not at rest: 1 orders that are not final',
    ]);
  });
});
