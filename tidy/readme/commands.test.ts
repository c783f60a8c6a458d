import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../workspace.js';
import { runnableBlocks } from './blocks.js';
import { ownPlace, type OwnPlace } from './own-place.js';
import { startCommand, type Started } from './run-command.js';
import { Terminal } from './terminal.js';

/**
 * Types what the README tells a newcomer to type, on this machine, and, beside the shop that it has
 * started, pastes the examples of the API's page into one terminal, block after block. The last
 * line of each is compared with the one promised.
 */
const START = 'npm start';
const readme = runnableBlocks(readFileSync(join(root, 'README.md'), 'utf8'));
const api = runnableBlocks(readFileSync(join(root, 'docs/api.md'), 'utf8'));

let place: OwnPlace;
beforeAll(async () => {
  place = await ownPlace();
});
afterAll(() => place.leave());

describe('the commands of the README', () => {
  test.each(readme.filter(({ command }) => command !== START))(
    '$command',
    async ({ command, pattern }) => {
      const { lines, exited } = await startCommand(command, pattern, place.env);
      expect(lines.at(-1), lines.join('\n')).toMatch(pattern);
      expect(await exited, 'how it ends').toEqual([0, null]);
    },
  );
});

describe(START, () => {
  let shop: Started | undefined;
  let terminal: Terminal | undefined;
  afterAll(async () => {
    await terminal?.close();
    await shop?.end();
  }, 2 * 60_000);

  test('ends with the line that the README promises, and goes on', async () => {
    const [promised] = readme.filter(({ command }) => command === START);
    if (!promised) throw new Error(`the README promises nothing of ${START}`);
    shop = await startCommand(START, promised.pattern, place.env);
    expect(shop.lines.at(-1), shop.lines.join('\n')).toMatch(promised.pattern);
    terminal = new Terminal(place.env);
  });

  test('the page of the API has examples', () => expect(api.length).toBeGreaterThan(8));

  test.each(api)('$command', async ({ command, pattern }) => {
    const lines = (await terminal?.paste(command)) ?? [];
    expect(lines.at(-1), lines.join('\n')).toMatch(pattern);
  });

  test('Ctrl-C ends every process', async () => {
    expect(place.survivors(), 'processes that run').not.toEqual([]);
    await shop?.end();
    expect(place.survivors(), 'processes that outlived Ctrl-C').toEqual([]);
  });
});
