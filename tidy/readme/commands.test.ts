import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../workspace.js';
import { runnableBlocks } from './blocks.js';
import { ownPlace, type OwnPlace } from './own-place.js';
import { runCommand } from './run-command.js';

/**
 * Types what the README tells a newcomer to type, on this machine, and compares the last line with
 * the one promised.
 */
const runnable = runnableBlocks(readFileSync(join(root, 'README.md'), 'utf8'));

let place: OwnPlace;
beforeAll(async () => {
  place = await ownPlace();
});
afterAll(() => place.leave());

describe('the commands of the README', () => {
  test('there are some', () => expect(runnable.length).toBeGreaterThan(1));

  test.each(runnable)('$command', async ({ command, pattern }) => {
    const { lines, code } = await runCommand(command, pattern, place.env);
    expect(lines.at(-1), lines.join('\n')).toMatch(pattern);
    expect([0, null]).toContain(code);
    expect(place.survivors(), 'processes that outlived Ctrl-C').toEqual([]);
  });
});
