import { expect, test } from 'vitest';
import { megabytes, ms, percent, seconds, table } from './table.js';

test('a table lines up, with arrows too', () => {
  const rows = [
    ['a → b', ms(4.25)],
    ['all', ms(120)],
  ];
  expect(table(['hop', 'p50'], rows)).toBe(
    ['hop         p50', '-----  --------', 'a → b    4.3 ms', 'all    120.0 ms'].join('\n'),
  );
});

test('figures have their unit', () => {
  expect([seconds(11.26), megabytes(1_612_000_000), percent(0.1512)]).toEqual([
    '11.3 s',
    '1612 MB',
    '15.1 %',
  ]);
});
