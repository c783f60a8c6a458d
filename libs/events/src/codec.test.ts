import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEvent, type NewEvent, readEvent, writeEvent } from './codec.js';
import { eventSchemas, type EventType } from './schemas.js';
import { payloads } from './testing/payloads.js';
import { topicNamed, topics, type TopicDefinition } from './topics.js';

const placements = Object.values(topics).flatMap((topic) =>
  topic.events.map((type) => ({ name: topic.name, type: type })),
);

const envelope = fc.record({ id: fc.uuid(), causationId: fc.uuid(), key: fc.uuid() });
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('an event written and read again is the same event', () => {
  test('every type has a topic and a generator', () => {
    const placed = placements.map(({ type }) => type);
    expect(placed.sort()).toEqual(Object.keys(eventSchemas).sort());
    expect(Object.keys(payloads).sort()).toEqual(Object.keys(eventSchemas).sort());
  });

  test.each(placements)('$type on $name', ({ name, type }) => {
    const topic: TopicDefinition = topicNamed(name);
    const generated = fc.tuple(envelope, payloads[type] as Arbitrary<object>);
    fc.assert(
      fc.property(generated, fc.constantFrom('', TRACE), ([head, payload], traceparent) => {
        const event = { ...head, type, traceparent, payload } as unknown as NewEvent<EventType>;
        const record = writeEvent(topic, event);
        const { key, ...read } = event;
        expect(readEvent(record, type)).toEqual(read);
        expect(record.key).toBe(key);
        expect(record.partition).toBeLessThan(topic.partitions);
      }),
      { numRuns: 50 },
    );
  });
});

test('no number of any event is -0, which JSON can say and no store keeps', () => {
  const read: string[] = [];
  for (const { name, type } of placements) {
    const generated = fc.tuple(envelope, payloads[type] as Arbitrary<object>);
    const none = fc.property(generated, ([head, payload]) => {
      const event = { ...head, type, traceparent: '', payload } as unknown as NewEvent<EventType>;
      const record = writeEvent(topicNamed(name), event);
      const text = record.value.toString();
      for (const { 0: number, index } of text.matchAll(/(?<=":)\d+(?=[,}])/g)) {
        const value = `${text.slice(0, index)}-0${text.slice(index + number.length)}`;
        const isReadable = eventSchemas[type].safeParse(JSON.parse(value)).success;
        if (!isReadable) continue;
        const odd = readEvent({ ...record, value: Buffer.from(value) });
        expect(odd.payload).toEqual(JSON.parse(JSON.stringify(odd.payload)));
        read.push(type);
      }
    });
    fc.assert(none, { numRuns: 10 });
  }
  expect(read).toContain('StockRefused');
});

describe('what is written', () => {
  const event = {
    id: '6f1c1f6e-6a36-5c3f-9a07-3c8f3a3f6a01',
    type: 'Canary',
    key: 'a',
    causationId: '6f1c1f6e-6a36-5c3f-9a07-3c8f3a3f6a02',
    traceparent: '',
    payload: { source: 'test', occurredAt: '2026-11-23T12:00:00.000Z' },
  } as const;

  test('has the headers of the contract; one that is not known is absent, not empty', () => {
    expect(writeEvent(topics.outboxCanary, event).headers).toEqual({
      id: event.id,
      type: 'Canary',
      'schema-version': '1',
      'causation-id': event.causationId,
    });
  });

  test('lies on the partition of what it is partitioned by, not of its key', () => {
    const records = ['a', 'b', 'c', 'd', 'e'].map((key) =>
      writeEvent(topics.outboxCanary, { ...event, key, partitionBy: 'one order' }),
    );
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
  });

  test('goes to a topic that lists its type, or is a bug', () => {
    expect(() => writeEvent(topics.ledger, event)).toThrow('Canary does not belong on ledger');
  });
});

describe('what cannot be read is refused with a name for the fault', () => {
  const good = writeEvent(topics.outboxCanary, {
    id: '6f1c1f6e-6a36-5c3f-9a07-3c8f3a3f6a01',
    type: 'Canary',
    key: 'a',
    causationId: '6f1c1f6e-6a36-5c3f-9a07-3c8f3a3f6a02',
    traceparent: TRACE,
    payload: { source: 'test', occurredAt: '2026-11-23T12:00:00.000Z' },
  });
  const without = (name: string) => ({
    ...good,
    headers: Object.fromEntries(Object.entries(good.headers).filter(([header]) => header !== name)),
  });
  const withHeader = (name: string, value: string) => ({
    ...good,
    headers: { ...good.headers, [name]: value },
  });
  const withValue = (text: string) => ({ ...good, value: Buffer.from(text) });

  test.each([
    ['no id', without('id'), 'header id is missing'],
    ['an id that nothing can be derived from', withHeader('id', 'one'), 'header id is missing'],
    ['no type', without('type'), 'header type is missing'],
    ['no cause', without('causation-id'), 'header causation-id is missing'],
    ['no version', without('schema-version'), 'header schema-version is missing'],
    ['a newer version', withHeader('schema-version', '2'), 'schema-version 2 is not one of 1'],
    ['another type', withHeader('type', 'OrderPlaced'), 'type OrderPlaced is not one of Canary'],
    ['no such type', withHeader('type', 'toString'), 'type toString is not one of Canary'],
    ['a tombstone', { ...good, value: null }, 'the value is null'],
    ['half a value', withValue('{"source":'), 'the value is not JSON'],
    ['a missing field', withValue('{"source":"x"}'), 'Canary: occurredAt: '],
    ['a number', withValue('7'), 'Canary: value: '],
  ])('%s', (_, record, fault) => {
    expect(() => readEvent(record)).toThrow(InvalidEvent);
    expect(() => readEvent(record)).toThrow(fault);
  });

  test('bytes at random never do anything but that', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => readEvent({ ...good, value: Buffer.from(bytes) })).toThrow(InvalidEvent);
      }),
    );
  });

  test('a field that a newer producer added is ignored', () => {
    const value = '{"source":"test","occurredAt":"2026-11-23T12:00:00.000Z","colour":"red"}';
    expect(readEvent(withValue(value)).payload).toEqual({
      source: 'test',
      occurredAt: '2026-11-23T12:00:00.000Z',
    });
  });

  test('a trace that is not known is empty', () => {
    expect(readEvent(without('traceparent')).traceparent).toBe('');
    for (const odd of ['none', `${TRACE}-and-more`, 'x'.repeat(1_000_000)]) {
      expect(readEvent(withHeader('traceparent', odd)).traceparent).toBe('');
    }
  });
});
