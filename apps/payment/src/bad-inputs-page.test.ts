import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { badWebhooks } from './testing/bad/bad-webhooks.js';

const ROOT = new URL('../../../', import.meta.url);

/** What the page says of payments and webhooks is what is tested. */
describe('docs/bad-inputs.md', () => {
  let payments: string[][];
  let webhooks: string[][];
  beforeAll(async () => {
    const page = await readFile(new URL('docs/bad-inputs.md', ROOT), 'utf8');
    [payments, webhooks] = [rowsUnder(page, 'Payments'), rowsUnder(page, 'Webhooks')];
  });

  test('has the webhooks that are sent, what is answered, and why, and no others', () => {
    const sent = badWebhooks.map(({ number, name, because, requests }) => [
      ...[number, name],
      ...[[...new Set(requests.map(({ answer }) => answer))].join(', '), because],
    ]);
    expect(webhooks).toEqual(sent);
  });

  test('names a test for each bad input of payments, and the test is there', async () => {
    for (const [number, , , , shownBy = ''] of payments) {
      const tests = [...shownBy.matchAll(/`([\w/.-]+\.test\.ts)` "([^"]+)"/g)];
      expect(tests, number).not.toEqual([]);
      for (const [, path = '', title = ''] of tests) {
        const text = await readFile(new URL(path, ROOT), 'utf8');
        expect(text.includes(`'${title}'`), `${number}: ${path} has "${title}"`).toBe(true);
      }
    }
  });

  test('has each number from B42 to B64 once', () => {
    const numbers = [...payments, ...webhooks].map(([number]) => number);
    expect(numbers).toEqual(Array.from({ length: 23 }, (_, n) => `B${n + 42}`));
  });
});

function rowsUnder(page: string, heading: string): string[][] {
  const section = page.split('\n## ').find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => /^\| B\d/.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
