import { JavaWitness } from '@checkout/local';
import { afterAll, expect, inject, it } from 'vitest';
import { storm, type Struck } from '../testing/storm/storm.js';
import { FLAWLESS } from '../testing/storm/verdict.js';

/** Real processes, killed and frozen at the requests of their loop; Kafka's own client judges. */
const ENDS_WITHIN_MS = 400_000;
const SEED = 20_261_126;
const STRIKES = 44;
const IN_FLIGHT = 0.2;
const PAUSES_OF_THE_CONTROL = 4;

const brokers = inject('brokers');
const java = new JavaWitness(inject('runDir'), brokers);
afterAll(() => java.end());

const all = ({ kill, pause }: Struck): number => kill + pause;

it(
  'three processes killed and frozen in the middle of their work: nothing lost, twice or early',
  async () => {
    const seen = await storm({
      ...{ brokers, java, seed: SEED },
      enough: (struck) => all(struck) >= STRIKES,
    });
    console.log(`seed ${SEED}: ${JSON.stringify(seen)}`);
    expect(seen).toMatchObject(FLAWLESS);
    expect(seen.records).toBeGreaterThan(1_000);
    expect(all(seen.struck)).toBeGreaterThanOrEqual(STRIKES);
    expect(seen.struck.pause).toBeGreaterThan(0);
    expect(seen.struck.inFlight / all(seen.struck)).toBeGreaterThanOrEqual(IN_FLIGHT);
    expect(seen.aborted).toBeGreaterThan(0);
  },
  ENDS_WITHIN_MS,
);

it(
  'with ids of their own, processes that wake up say what others have said meanwhile',
  async () => {
    const seen = await storm({
      ...{ brokers, java, seed: SEED },
      // Decided, and the first that is sent: the broker knows of nothing that it could time out.
      strikes: ({ kind, moment }) =>
        kind === 'pause' && moment?.request === 'AddOffsetsToTxn' && moment.stage === 'asked',
      workers: { guardsOff: ['one-identity'] },
      enough: ({ pause }) => pause >= PAUSES_OF_THE_CONTROL,
    });
    console.log(`ids of their own: ${JSON.stringify(seen)}`);
    expect(seen.duplicated).toBeGreaterThan(0);
  },
  ENDS_WITHIN_MS,
);
