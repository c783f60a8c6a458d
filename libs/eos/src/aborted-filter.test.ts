import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { abortedFilterOf, type AbortedFilter } from './patch-check.js';
import { drawnCases, interleave, seed, told, type Case } from './testing/histories.js';
import { answerTo, logOf, type Answer } from './testing/model-log.js';
import { installed, kafkajsWithout } from './testing/unpatched.js';

const HISTORIES = 10_000;
const cases = drawnCases({ minLength: 10, maxLength: 24 }, { minLength: 2, maxLength: 4 });
const patched = abortedFilterOf(installed);
const copy = kafkajsWithout('aborted-filter');
const published = abortedFilterOf(copy.load);
afterAll(() => copy.remove());

function delivered(filter: AbortedFilter, { messages, abortedTransactions }: Answer): string {
  const kept = filter({ messages, abortedTransactions });
  return kept.flatMap((one) => (one.isControlRecord ? [] : [one.offset])).join();
}

it('delivers what is visible of 10,000 histories, where the published filter leaks', () => {
  const seen = { histories: 0, interleaved: 0, leaking: 0, startsInsideAnAbort: 0 };

  const judge = (drawn: Case): void => {
    const log = logOf(drawn.history);
    const answers = drawn.fetches.map((fetch) => answerTo(fetch, log));
    const leaks = answers.some((one) => delivered(published, one) !== one.visible.join());
    seen.histories += 1;
    if (interleave(log.aborted)) seen.interleaved += 1;
    if (leaks) seen.leaking += 1;
    for (const answer of answers) {
      const { from, visible } = answer;
      if (log.aborted.some(({ first, marker }) => first < from && from < marker)) {
        seen.startsInsideAnAbort += 1;
      }
      const offsets = delivered(patched, answer);
      if (offsets === visible.join()) continue;
      throw new Error(`from ${from}: [${offsets}], not [${visible.join()}], of\n${told(drawn)}`);
    }
  };
  fc.assert(fc.property(cases, judge), { seed, numRuns: HISTORIES });

  expect(seen.histories).toBe(HISTORIES);
  expect(seen.interleaved / HISTORIES).toBeGreaterThan(0.3);
  expect(seen.startsInsideAnAbort).toBeGreaterThan(HISTORIES);
  expect(seen.leaking / HISTORIES).toBeGreaterThan(0.1);
});
