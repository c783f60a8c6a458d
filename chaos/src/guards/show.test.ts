/** A whole shop without one guard, and one with all, as `npm run guards` plays it for each. */
import { expect, it } from 'vitest';
import { show } from './show.js';

const MINUTE = 60_000;

it(
  'the judge sees what becomes of a commit without an answer, without the guard and with it',
  async () => {
    const lines: string[] = [];
    const isShown = await show({
      names: ['look-after-unknown'],
      seed: 42,
      say: (line) => lines.push(line),
    });
    console.log(lines.join('\n'));
    expect(lines.at(-1)).toBe(
      'GUARDS SHOWN seed=42: 1 taken away, 1 seen by the judge, 1 held again',
    );
    expect(isShown).toBe(true);
    expect(lines).toContain('  the judge: A08 VIOLATED, A10 VIOLATED; all others hold');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}A10 .* 2 times and owed 1$/));
  },
  2 * MINUTE,
);
