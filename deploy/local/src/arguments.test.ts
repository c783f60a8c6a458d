/** A typing error is told before anything is installed, built or started. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { faultsOfArguments, partNames } from '../arguments.mjs';
import { repository } from './environment.ts';
import type { Surroundings } from './part.ts';
import { command } from './testing/door.ts';
import { topology } from './topology.ts';

it.each([
  ['start --frehs', 'there is no option --frehs', 'start takes --fresh, --only'],
  ['chaos --sede 3', 'there is no option --sede', 'chaos takes --seed, --minutes'],
])('npm run %s', async (typed, fault, takes) => {
  const { code, said } = await command(typed.split(' '));

  expect(code).toBe(64);
  expect(said).toMatch(new RegExp(`^${fault}$`, 'm'));
  expect(said).toContain(takes);
  // Not a word of what comes next: the machine's checks, and `npm ci`.
  expect(said).not.toMatch(/packages|lock/);
});

it('an ENRICHMENT that does not exist is told before anything is installed', async () => {
  const { code, said } = await command(['start'], { ENRICHMENT: 'kafka' });

  expect(code).toBe(64);
  expect(said).toBe('ENRICHMENT is "kafka": expected engine or streams\n');
});

it.each([
  ['start', '--fresh=yes', '--fresh takes no value'],
  ['start', '--only', '--only: expected parts'],
  ['start', '--only postgress', '--only postgress: expected parts, with commas'],
  ['chaos', '--seed 4x', '--seed 4x: expected a whole number, or random'],
  ['guards', '--without 2', '--without 2: expected the name of a guard'],
  ['load', '--rate 0', '--rate 0: expected a number above 0'],
  ['bench', '--runs 3', 'say one of start, latency, acceptance'],
  ['bench', 'start latency', 'say one of start, latency, acceptance'],
  ['bench', 'stat', '"stat" is not understood'],
  ['bench', 'latency --rates 1,b', '--rates 1,b: expected whole numbers'],
  ['conformance', '--kills 0', '--kills 0: expected a whole number above 0'],
  ['finding', '--kafka latest', '--kafka latest: expected a version such as 4.3.1'],
  ['test', 'order', '"order" is not understood'],
])('%s %s is refused', (name, typed, fault) => {
  expect(faultsOfArguments(name, typed.split(' '))[0]).toContain(fault);
});

it.each([
  ['start', '--fresh --only postgres,broker'],
  ['chaos', '--seed 42 --seed random --minutes 0.5 --rate 8 --log chaos.txt'],
  ['load', '--rate 20 --seconds 60 --seed 1'],
  ['guards', '--without one-identity --without committed-only --seed 42'],
  ['bench', 'latency --rates 1,10,50 --seconds 60'],
  ['conformance', '--kills 1000 --seed 42'],
  ['audit', '--json'],
  ['audit', '--now'],
  ['finding', '--kafka 4.3.1 --rounds 3'],
  // Playwright's and Nx's own.
  ['e2e', 'kills -g broker'],
  ['check', '--skip-nx-cache'],
])('%s %s is taken', (name, typed) => {
  expect(faultsOfArguments(name, typed.split(' '))).toEqual([]);
});

it('knows every part, and no other', () => {
  const addresses = { existing: { kafka: false, connect: false, database: false } };
  const around = { addresses } as unknown as Surroundings;

  expect(partNames).toEqual(topology(around).map(({ name }) => name));
});

it.each(['DATABASE_URL', 'KAFKA_BROKERS', 'CONNECT_URL'])(
  'a start that is to forget all is refused where %s names a server of somebody else',
  async (variable) => {
    const { code, said } = await command(['start', '--fresh'], { [variable]: 'theirs' });

    expect(code).toBe(64);
    expect(said).toContain(`and ${variable} names one of somebody else.  ->  remove there what`);
    expect(said).not.toContain('start takes');
    expect(faultsOfArguments('start', [], { [variable]: 'theirs' })).toEqual([]);
  },
);

/** They are read again by programs of other projects, of which this one must know the options. */
it.each([
  ['bench', 'bench/src/command-line.ts'],
  ['chaos', 'chaos/src/main.ts'],
  ['audit', 'libs/proof/src/config.ts'],
  ['finding', 'findings/src/main.ts'],
])('what %s takes is what its program takes', (name, path) => {
  const text = readFileSync(join(repository, path), 'utf8');
  const options = [...text.matchAll(/(\w+): \{ type: '(?:string|boolean)'/g)].map((m) => m[1]);
  expect(options.length).toBeGreaterThan(0);
  const takes = faultsOfArguments(name, ['--nonsense']).at(-1) ?? '';
  const known = [...takes.matchAll(/--(\w+)/g)].map((m) => m[1]);
  // In the same program `load` is the one that has seconds, and `guards` takes them away.
  const ofOthers = ['seconds', 'without'];
  const own = options.filter((option) => name !== 'chaos' || !ofOthers.includes(option ?? ''));
  expect(known.sort()).toEqual(own.sort());
});

it('takes what the pages say', () => {
  const pages = ['README.md', 'bench/README.md', 'chaos/README.md', 'deploy/local/README.md'];
  const typed = pages.flatMap((page) => {
    expect(existsSync(join(repository, page))).toBe(true);
    const text = readFileSync(join(repository, page), 'utf8');
    return [...text.matchAll(/npm (?:run )?(\w+) -- ([^`|\n]+)/g)];
  });
  expect(typed.length).toBeGreaterThan(5);
  for (const [whole, name = '', args = ''] of typed) {
    expect([whole, ...faultsOfArguments(name, args.trim().split(' '))]).toEqual([whole]);
  }
});
