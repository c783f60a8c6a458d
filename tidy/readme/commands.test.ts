import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../workspace.js';
import { runnableBlocks } from './blocks.js';
import { ownPlace, type OwnPlace } from './own-place.js';
import { typed, type Typed } from './run-command.js';
import { Terminal } from './terminal.js';

/**
 * Types what the README tells a newcomer to type, on this machine: the first command starts a shop,
 * and beside it the examples of the API's page are pasted into one terminal, block after block, and
 * then the README's other commands are typed. The last line of each is compared with the one
 * promised.
 */
const [start, ...readme] = runnableBlocks(readFileSync(join(root, 'README.md'), 'utf8'));
const api = runnableBlocks(readFileSync(join(root, 'docs/api.md'), 'utf8'));
if (start === undefined) throw new Error('the README promises nothing');

let place: OwnPlace;
let shop: Typed | undefined;
beforeAll(async () => {
  place = await ownPlace();
});
afterAll(async () => {
  await shop?.end();
  place.leave();
}, 2 * 60_000);

test(start.command, async () => {
  shop = typed(start.command, place.env);
  expect(await shop.says(start.pattern), shop.lines.join('\n')).toMatch(start.pattern);
  expect(place.survivors(), 'processes that run').not.toEqual([]);
});

describe('the page of the API, beside it', () => {
  let terminal: Terminal;
  beforeAll(() => void (terminal = new Terminal(place.env)));
  afterAll(() => terminal.close());

  test('has examples', () => expect(api.length).toBeGreaterThan(8));

  test.each(api)('$command', async ({ command, pattern }) => {
    const lines = await terminal.paste(command);
    expect(lines.at(-1), lines.join('\n')).toMatch(pattern);
  });
});

describe('the other commands of the README, beside it', () => {
  test('there are some', () => expect(readme.length).toBeGreaterThan(1));

  test.each(readme)('$command', async ({ command, pattern, inTheFirst }) => {
    const other = typed(place.command(command), place.env);
    const [code] = await other.exited;
    expect(code, other.lines.join('\n')).toBe(0);
    const last = inTheFirst ? await shop?.says(pattern) : await other.says(pattern);
    expect(last, other.lines.join('\n')).toMatch(pattern);
    if (!inTheFirst) expect(other.lines.at(-1)).toBe(last);
  });
});

test('Ctrl-C ends everything and leaves nothing', async () => {
  await shop?.end();
  expect(place.survivors(), 'processes that outlived Ctrl-C').toEqual([]);
});
