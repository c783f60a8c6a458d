import { JavaWitness, REQUESTS } from '@checkout/local';
import { afterAll, expect, inject, it } from 'vitest';
import { storm } from '../testing/storm/storm.js';
import { FLAWLESS } from '../testing/storm/verdict.js';

/** One process, and nobody who takes over: the next life of it finds what the last one has left. */
const ENDS_WITHIN_MS = 400_000;
const SEED = 1;
const brokers = inject('brokers');
const java = new JavaWitness(inject('runDir'), brokers);
afterAll(() => java.end());

it(
  'killed at each request of the loop, before it is answered and after: nothing lost or twice',
  async () => {
    const points = new Set<string>();
    const seen = await storm({
      ...{ brokers, java, seed: SEED, processes: 1 },
      strikes: ({ kind, moment }) => {
        if (kind !== 'kill' || moment === null) return false;
        points.add(`${moment.request} ${moment.stage}`);
        return true;
      },
      enough: () => points.size === REQUESTS.length * 2,
    });
    console.log(`killed at ${[...points].join(', ')}: ${JSON.stringify(seen)}`);
    expect(seen).toMatchObject(FLAWLESS);
    expect(seen.struck.missed).toBe(0);
    expect(seen.struck.kill).toBeGreaterThanOrEqual(points.size);
  },
  ENDS_WITHIN_MS,
);
