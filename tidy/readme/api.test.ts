import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../workspace.js';
import { runnableBlocks } from './blocks.js';
import { ownPlace, type OwnPlace } from './own-place.js';
import { startCommand } from './run-command.js';
import { Terminal } from './terminal.js';

/**
 * Pastes the examples of the API's page, one block after the other, into one terminal beside a
 * running shop, and compares the last line of each with the one promised.
 */
const runnable = runnableBlocks(readFileSync(join(root, 'docs/api.md'), 'utf8'));

let place: OwnPlace;
let shop: Awaited<ReturnType<typeof startCommand>>;
let terminal: Terminal;
beforeAll(async () => {
  place = await ownPlace();
  shop = await startCommand('npm start', /^Ready in /, place.env);
  terminal = new Terminal(place.env);
}, 5 * 60_000);
afterAll(async () => {
  await terminal.close();
  await shop.end();
  place.leave();
}, 2 * 60_000);

test('the page has examples', () => expect(runnable.length).toBeGreaterThan(8));

test.each(runnable)('$command', async ({ command, pattern }) => {
  const lines = await terminal.paste(command);
  expect(lines.at(-1), lines.join('\n')).toMatch(pattern);
});
