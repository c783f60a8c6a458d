import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Measured {
  readonly value: string;
  readonly keys: number;
  readonly bytesInTheLog: number;
  readonly bytesInMemory: number;
}

/** Of each shape, what README.md says, and some. */
const AT_MOST = { 'a number': 120, 'a row of one field': 160, 'an order with two lines': 650 };

it('a key costs no more memory than is written down', () => {
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning'];
  const program = ['--import', path('testing/run-typescript.mjs'), path('testing/state-memory.ts')];
  const said = execFileSync(process.execPath, [...flags, ...program], { encoding: 'utf8' });
  console.log(said.trimEnd());
  const lines = said.trimEnd().split('\n');
  const measured = lines.map((line) => JSON.parse(line) as Measured);
  expect(measured.map(({ value }) => value)).toEqual(Object.keys(AT_MOST));
  measured.forEach(({ keys, bytesInMemory }, i) => {
    expect(keys).toBe(50_000);
    expect(bytesInMemory).toBeGreaterThan(50);
    expect(bytesInMemory).toBeLessThan(Object.values(AT_MOST)[i]!);
  });
});
