import { describe, expect, it } from 'vitest';
import { emit, park, put, remove, skip, type Decision } from './decision.js';
import { sends, sizeOf, type Outgoing } from './outgoing.js';
import { PartitionStores } from './partition-stores.js';
import { plan, type Handler } from './plan.js';
import { ReadRecord } from './read.js';
import { store, type State } from './store.js';
import { BugError, PoisonError } from './verdicts.js';

const totals = store<{ readonly count: number }>({
  name: 'totals',
  changelog: 'totals.changelog',
  fedBy: 'in',
});
const foreign = store<number>({ name: 'foreign', changelog: 'f.changelog', fedBy: 'elsewhere' });
const PARTITION = 2;

const stores = (): PartitionStores => new PartitionStores([totals], PARTITION);

function reads(...values: string[]): ReadRecord[] {
  return values.map((text, i) => {
    const value = Buffer.from(text);
    const raw = { key: null, value, timestamp: '0', attributes: 0, offset: String(i), headers: {} };
    return new ReadRecord('in', PARTITION, raw);
  });
}

const saying = (text: string) =>
  emit({ topic: 'out', partition: 0, key: 'k', value: Buffer.from(text), headers: {} });

function deciding(decide: (event: string, state: State) => Decision): Handler<string> {
  const decode = (record: { value: Buffer | null }): string => record.value?.toString() ?? '';
  return { group: 'group', decode, decide };
}

const count = deciding((event, state) => {
  const next = (state.get(totals, 'all')?.count ?? 0) + 1;
  return [put(totals, 'all', { count: next }), saying(`${event} is number ${next}`)];
});

function throwing(): Handler<string> {
  const onPark = (): never => {
    throw new TypeError('nothing can be said');
  };
  return { ...deciding(() => park('no')), onPark };
}

const texts = (records: readonly Outgoing[]): (string | undefined)[] =>
  records.map((record) => record.value?.toString());

describe('the plan of a batch', () => {
  it('lets a decision see what earlier ones of its batch have put', () => {
    const { records } = plan(reads('a', 'b'), count, stores());
    expect(texts(records)).toEqual(['a is number 1', 'b is number 2', '{"count":2}']);
  });

  it('writes one changelog record a key, to the partition of its input', () => {
    const { records } = plan(reads('a', 'b'), count, stores());
    const changes = records.filter((record) => record.topic === totals.changelog);
    expect(changes).toMatchObject([{ key: 'all', partition: PARTITION }]);
  });

  it('is forgotten when it is not kept', () => {
    const held = stores();
    plan(reads('a'), count, held);
    expect(texts(plan(reads('a'), count, held).records)).toContain('a is number 1');
  });

  it('is remembered when it is kept', () => {
    const held = stores();
    held.keep(plan(reads('a'), count, held).changes);
    expect(texts(plan(reads('b'), count, held).records)).toContain('b is number 2');
  });

  it('removes a key with a null in the changelog', () => {
    const held = stores();
    held.keep(plan(reads('a'), count, held).changes);
    const removing = plan(
      reads('b'),
      deciding(() => [remove(totals, 'all')]),
      held,
    );
    expect(removing.records).toMatchObject([{ key: 'all', value: null }]);
    held.keep(removing.changes);
    expect(texts(plan(reads('c'), count, held).records)).toContain('c is number 1');
  });

  it('says nothing for a skip', () => {
    expect(
      plan(
        reads('a'),
        deciding(() => skip('no')),
        stores(),
      ).records,
    ).toEqual([]);
  });

  it('parks what a decision calls poison, and goes on', () => {
    const poisoned = deciding((event) => {
      if (event === 'bad') throw new PoisonError('bad total');
      return event === 'worse' ? park('worse', saying('sorry')) : [saying(event)];
    });
    const { records, parked } = plan(reads('bad', 'worse', 'good'), poisoned, stores());
    expect(parked.map(({ reason }) => reason)).toEqual(['bad total', 'worse']);
    expect(records.map(({ topic }) => topic)).toEqual([
      'in.group.dlq',
      'in.group.dlq',
      'out',
      'out',
    ]);
    expect(texts(records)).toEqual(['bad', 'worse', 'sorry', 'good']);
  });

  it.each([
    ['is asynchronous', deciding((() => Promise.resolve([])) as never)],
    ['decides on nothing', deciding((() => undefined) as never)],

    ['throws when it is asked what to say of a parked record', throwing()],
  ])('is a bug, and says at which record, when the handler %s', (_, handler) => {
    const planning = () => plan(reads('a'), handler, stores());
    expect(planning).toThrow(BugError);
    expect(planning).toThrow(/^deciding on in-2@0: /);
  });

  it('keeps headers without a value in the parked copy', () => {
    // As kafkajs reads them, whatever it says of their type.
    const headers = { a: null, b: Buffer.from('1'), c: [null, Buffer.from('2')] } as never;
    const given = reads('bad').map(
      ({ raw }) => new ReadRecord('in', PARTITION, { ...raw, headers }),
    );
    const { records } = plan(
      given,
      deciding(() => park('no')),
      stores(),
    );
    expect(records[0]?.headers).toMatchObject(headers);
  });

  it('parks a record whose output has the key of an abort marker', () => {
    const marker = emit({ ...saying('').record, key: '\0\0\0\0' });
    const { records, parked } = plan(
      reads('a'),
      deciding(() => [saying('b'), marker]),
      stores(),
    );
    expect(parked.map(({ reason }) => reason)).toEqual([
      'its output has the key of an abort marker',
    ]);
    expect(texts(records)).toEqual(['a']);
  });

  it('parks a record whose output no topic would take', () => {
    const { parked } = plan(
      reads('a'),
      deciding(() => [saying('x'.repeat(1_100_000))]),
      stores(),
    );
    expect(parked).toHaveLength(1);
  });

  it.each([
    ['a decision that throws', deciding(() => JSON.parse('{') as Decision)],
    ['a put into a store that another topic feeds', deciding(() => [put(foreign, 'k', 1)])],
    [
      'a look into a store that another topic feeds',
      deciding((_, state) => (state.get(foreign, 'k') ? [] : skip(''))),
    ],
    [
      'an output without a partition',
      deciding(() => [emit({ ...saying('').record, partition: NaN })]),
    ],
    ['a value that is changed in place', deciding(changingInPlace)],
  ])('calls %s a bug', (_, handler) => {
    expect(() => plan(reads('a', 'b'), handler, stores())).toThrow(BugError);
  });
});

function changingInPlace(_: string, state: State): Decision {
  const value = state.get(totals, 'all') as { count: number } | undefined;
  if (value) value.count += 1;
  return [put(totals, 'all', value ?? { count: 0 })];
}

describe('sends', () => {
  const record = (bytes: number): Outgoing => ({
    topic: 'out',
    partition: 0,
    key: null,
    value: Buffer.alloc(bytes),
    headers: {},
  });
  const lengths = (records: Outgoing[]): number[] =>
    sends(records, 1_000).map((send) => send.flatMap(({ messages }) => messages).length);

  it('stay below the limit and keep the order', () => {
    expect(lengths([record(400), record(400), record(400)])).toEqual([2, 1]);
  });

  it('carry a record alone that is too large by itself', () => {
    expect(lengths([record(10), record(5_000), record(10)])).toEqual([1, 1, 1]);
  });

  it('count headers', () => {
    const plain = sizeOf(record(10));
    expect(sizeOf({ ...record(10), headers: { cause: 'x'.repeat(100) } })).toBeGreaterThan(
      plain + 100,
    );
  });

  it('are none when there is nothing to say', () => {
    expect(sends([], 1_000)).toEqual([]);
  });
});
