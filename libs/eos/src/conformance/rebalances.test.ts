import { JavaWitness } from '@checkout/local';
import { afterAll, expect, inject, it, vi } from 'vitest';
import { countingRunners } from '../testing/counting-runner.js';
import { committedOf, feeder, membersOf, ready, topicsFor, until } from '../testing/kit.js';
import { differenceOf, numberedLoad } from '../testing/numbered-load.js';
import { witnessed } from '../testing/witnessed-log.js';

/** The group gives its partitions away again before anybody has settled down with them. */
vi.setConfig({ testTimeout: 60_000 });
const PARTITIONS = 4;
const COMINGS = 8;
const brokers = inject('brokers');
const runners = countingRunners(brokers);
const java = new JavaWitness(inject('runDir'), brokers);
afterAll(async () => {
  await runners.stop();
  await java.end();
});

it('members that come and go all the time: nothing lost, twice or out of turn', async () => {
  const topics = await topicsFor(brokers, { partitions: PARTITIONS });
  const input = await feeder(brokers);
  const coming = (ordinal: number) =>
    runners.running({ topics, connection: { ordinal, clientId: `member-${ordinal}` } });
  await ready(await coming(0));
  const load = numberedLoad(input, topics, PARTITIONS);
  let took = 0;
  for (let n = 0; n < COMINGS; n++) {
    const guest = await coming(1 + (n % 2));
    await until('it to be a member', async () => (await membersOf(brokers, topics)).length === 2);
    // Every second one has something in hand when it goes.
    if (n % 2 === 0) await until('it to work', () => (guest.figures?.().records ?? 0) > 0);
    took += guest.figures?.().records ?? 0;
    await guest.stop();
  }
  const rounds = await load.stop();
  await until('all to be done', async () =>
    (await committedOf(brokers, topics)).every((offset) => offset === rounds),
  );
  await input.close();
  expect(took).toBeGreaterThan(0);
  const difference = differenceOf(await witnessed(java, topics.output), rounds);
  console.log(`${COMINGS} comings and goings: ${JSON.stringify({ rounds, ...difference })}`);
  expect(difference).toEqual({ duplicated: 0, lost: 0, outOfTurn: 0 });
});
