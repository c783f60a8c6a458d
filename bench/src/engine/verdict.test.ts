import { describe, expect, test } from 'vitest';
import { assertRight, assertSame, assertState, type Judged } from './verdict.js';

const right: Judged = { inputs: 3, outputs: 3, wrong: 0, endings: 2, digest: 'a-b-c-d' };

describe('a side has figures', () => {
  test('when each input that was sent has its one output', () => {
    expect(() => assertRight('ours', right, 3)).not.toThrow();
  });

  test.each([
    ['an output is missing', { ...right, outputs: 2, wrong: 1 }, 3],
    ['there is one too many', { ...right, outputs: 4, wrong: 1 }, 3],
    ['one is another than it should be', { ...right, wrong: 1, firstWrong: 'offset 7' }, 3],
    ['an input did not arrive', right, 4],
    ['nothing was sent', { ...right, inputs: 0, outputs: 0 }, 0],
    ['the judge has said nothing', { ...right, outputs: Number.NaN, wrong: Number.NaN }, 3],
  ])('not when %s', (_, judged, sent) => {
    expect(() => assertRight('ours', judged, sent)).toThrow(/^ours: .*no figures/);
  });

  test('not when its changelog ends with other counts, or has other keys', () => {
    const state = { keys: 5, customers: 5, differ: 0 };
    expect(() => assertState('ours', state)).not.toThrow();
    for (const wrong of [{ differ: 1 }, { keys: 6 }, { keys: 0, customers: 0 }]) {
      expect(() => assertState('ours', { ...state, ...wrong })).toThrow(/^ours: .*no figures$/);
    }
  });
});

describe('sides are compared', () => {
  const ours = { name: 'ours', digest: 'a' };

  test('when all have written the same', () => {
    expect(() => assertSame([ours, { name: 'theirs', digest: 'a' }])).not.toThrow();
  });

  test.each([
    ['one has written something else', [ours, { name: 'theirs', digest: 'b' }]],
    ['there is only one', [ours]],
  ])('not when %s', (_, sides) => {
    expect(() => assertSame(sides)).toThrow('no figures');
  });
});
