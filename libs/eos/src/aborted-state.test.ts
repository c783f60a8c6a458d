import { expect, inject, it, vi } from 'vitest';
import { emit, put, remove, type Decision } from './decision.js';
import type { InputRecord } from './record.js';
import type { Step } from './session.js';
import { store, type State } from './store.js';
import { counting, runnersOfFile } from './testing/counting-runner.js';
import { committed, numbered, output, QUICK, topicsFor, until } from './testing/kit.js';
import { RetryError } from './verdicts.js';

/** What a Kafka transaction that did not happen has put, was never put. */
vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);

const counts = (count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => ({ event: String(i), count: i + 1 }));

it('a decision that asks for another try takes the puts before it along', async () => {
  const topics = await topicsFor(brokers);
  let refusals = 3;
  const decide = (event: string, state: State, record: InputRecord): Decision => {
    if (event === '4' && refusals-- > 0) throw new RetryError('not now');
    return counting(topics)(event, state, record);
  };
  await runners.send(topics, numbered(6));
  await runners.running({ topics, decide });
  await until('all', async () => (await committed(brokers, topics)) === 6);
  expect(refusals).toBe(-1);
  expect(await runners.values(topics.output)).toEqual(counts(6));
});

it('of sixty Kafka transactions every third is aborted: no put is lost or made twice', async () => {
  const topics = await topicsFor(brokers);
  let sent = 0;
  let aborted = 0;
  const atStep = (step: Step): void => {
    if (step !== 'sent' || ++sent % 3 !== 0) return;
    aborted += 1;
    throw new Error('aborted on purpose');
  };
  const settings = { ...QUICK, recordsPerTransaction: 3 };
  await runners.send(topics, numbered(120));
  await runners.running({ topics, internals: { atStep, settings } });
  await until('all', async () => (await committed(brokers, topics)) === 120);
  expect(aborted).toBeGreaterThan(19);
  expect(await runners.values(topics.output)).toEqual(counts(120));
});

it('a commit whose answer is lost: the puts are there once, nothing is decided again', async () => {
  const topics = await topicsFor(brokers);
  let lost = 2;
  const atStep = (step: Step): void => {
    if (step === 'committed' && lost-- > 0) throw new Error('the connection is gone');
  };
  const settings = { ...QUICK, recordsPerTransaction: 2 };
  await runners.send(topics, numbered(8));
  await runners.running({ topics, internals: { atStep, settings } });
  await until('all', async () => (await committed(brokers, topics)) === 8);
  expect(lost).toBeLessThan(0);
  expect(await runners.values(topics.output)).toEqual(counts(8));
  expect(await runners.inTheLog(topics.output)).toBe(8);
});

it('a key that is removed, aborted and removed again is gone, for the successor too', async () => {
  const topics = await topicsFor(brokers);
  const baskets = store<string[]>({
    ...{ name: 'totals', changelog: topics.changelog, fedBy: topics.input },
  });
  const decide = (event: string, state: State, record: InputRecord): Decision => {
    const [what = '', customer = ''] = event.split(' ');
    const before = state.get(baskets, customer);
    return [
      what === 'clear'
        ? remove(baskets, customer)
        : put(baskets, customer, [...(before ?? []), what]),
      emit(output(topics.output, record, before ?? 'empty')),
    ];
  };
  let failures = 1;
  const atStep = (step: Step): void => {
    if (step === 'sent' && failures-- > 0) throw new Error('aborted on purpose');
  };
  const more = { stores: [baskets] };
  const say = (...events: string[]): Promise<void> =>
    runners.send(
      topics,
      events.map((value) => ({ key: 'k', value })),
    );
  await say('tea Ada', 'milk Ada', 'rum Bob');
  const first = await runners.running({ topics, decide, more });
  await until('the first three', async () => (await committed(brokers, topics)) === 3);
  await first.stop();

  await say('clear Ada', 'clear nobody');
  const second = await runners.running({ topics, decide, more, internals: { atStep } });
  await until('the removal', async () => (await committed(brokers, topics)) === 5);
  await second.stop();
  expect(failures).toBeLessThan(1);

  await say('oil Ada', 'gin Bob');
  await runners.running({ topics, decide, more });
  await until('the last two', async () => (await committed(brokers, topics)) === 7);
  expect(await runners.values(topics.output)).toEqual([
    ...['empty', ['tea'], 'empty', ['tea', 'milk'], 'empty', 'empty', ['rum']],
  ]);
});
