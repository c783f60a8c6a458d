import { changelogs, streamsChangelogs, topics } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { AnySeen, TopicKey } from '../log-view.js';
import type { Owed } from '../model/output.js';
import { cutFrom } from './aged.js';
import { keptFaults } from './kept.js';
import { rerun, sameEvent, stages, written, type Rerun } from '../model/stages.js';

export const a10: Invariant = {
  id: 'A10',
  says: 'Each input has exactly the outputs that it calls for, once, and no output has no input.',
  rule:
    'each stage is run again, by a model of the judge’s own, over its committed input in order ' +
    'of offset; the committed records of the topics that stages write equal what the models ' +
    'owe, by id and number, with key, cause, content and schema version, and were written in ' +
    'Kafka transactions, ' +
    'as the rows of changelogs; the newest of these are what the models remember: verdicts and ' +
    'times of customers, the lines of orders, on the changelogs of the engine or on those of ' +
    'Kafka Streams and not on both; what a stage cannot read it has parked; nothing younger than ' +
    'the retention of its topic is gone',
  judge(observed) {
    const { log } = observed;
    const { byAge, tooSoon } = cutFrom(observed, TOPICS);
    if (tooSoon.length > 0) return { rows: TOPICS.size, counterExamples: tooSoon };
    if (byAge.length > 0) {
      return { notObserved: `the beginning of ${byAge.join(', ')} was deleted by age` };
    }
    const runs = stages.map((stage) => ({ stage, ...rerun(stage, log) }));
    const owed = Map.groupBy(
      runs.flatMap((run) => run.owed),
      ({ topic, id }) => `${topic} ${id}`,
    );
    const found = Map.groupBy(
      written.flatMap((key) => log.events(key).map((event) => ({ key, event: event }))),
      ({ key, event }) => `${key} ${event.id}`,
    );
    const kept = keptFaults(
      log,
      runs.flatMap((run) => run.kept),
    );
    return {
      rows: runs.reduce((sum, { inputs }) => sum + inputs, 0) + sizeOf(found) + kept.rows,
      counterExamples: [
        ...runs.flatMap(({ stage, dropped }) => droppedBy(stage.group, dropped)),
        ...[...owed].flatMap(([name, due]) => faults(log, due, found.get(name) ?? [])),
        ...[...found].flatMap(([name, extra]) => (owed.has(name) ? [] : extra.map(uncalledFor))),
        ...outside(log),
        ...ofTwo(log),
        ...kept.found,
      ],
    };
  },
};

const TOPICS: ReadonlySet<TopicKey> = new Set([
  ...stages.flatMap(({ reads }) => reads),
  ...written,
]);

const STREAMS: readonly string[] = Object.values(streamsChangelogs);

/** The engine and Kafka Streams have both kept state: each has sold what the other has reserved. */
function ofTwo(log: Case['log']): CounterExample[] {
  if (log.runsOnStreams) return [];
  return STREAMS.flatMap((name) => log.records(name).slice(0, 1)).map((record) => ({
    what: 'is a row of Kafka Streams, where the engine has kept rows, too',
    at: placeOf(record),
  }));
}

/** Whoever writes outside of a Kafka transaction is not undone with it. */
function outside(log: Case['log']): CounterExample[] {
  const events: readonly AnySeen[] = written.flatMap((key) => log.events(key));
  const outputs = events.map(({ record, orderId }) => ({ record, orderId }));
  const rows = [...Object.values(changelogs).map(({ name }) => name), ...STREAMS]
    .flatMap((name) => log.committed(name))
    .map((record) => ({ record, orderId: null }));
  return [...outputs, ...rows]
    .filter(({ record }) => !record.transactional)
    .map(({ record, orderId }) => ({
      what: 'was written outside of any Kafka transaction',
      orderId: orderId ?? undefined,
      eventId: record.headers['id'],
      at: placeOf(record),
    }));
}

interface Found {
  readonly key: TopicKey;
  readonly event: AnySeen;
}

function sizeOf(groups: ReadonlyMap<string, readonly unknown[]>): number {
  return [...groups.values()].reduce((sum, { length }) => sum + length, 0);
}

function droppedBy(group: string, dropped: Rerun['dropped']): CounterExample[] {
  return dropped.map(({ record, why }) => ({
    what: `${group} cannot read it (${why}) and has not parked it`,
    at: placeOf(record),
  }));
}

function faults(log: Case['log'], due: readonly Owed[], found: readonly Found[]): CounterExample[] {
  const [first] = due;
  if (!first) return [];
  const about = { orderId: orderOf(first), eventId: first.id };
  const missing = due.length - found.length;
  if (missing > 0 && !isCompactedAway(log, first)) {
    return [
      { what: `${first.type} is owed ${due.length} times and there ${found.length}`, ...about },
    ];
  }
  const extra = found.slice(due.length).map(({ event }) => ({
    what: `${event.type} is there ${found.length} times and owed ${due.length}`,
    ...about,
    at: placeOf(event.record),
  }));
  return [...extra, ...found.flatMap((one) => contentFault(one, first))];
}

/** Of a compacted topic only the newest record of a key need be there. */
function isCompactedAway(log: Case['log'], { topic, key }: Owed): boolean {
  if (topics[topic].cleanup !== 'compact') return false;
  const events: readonly AnySeen[] = log.events(topic);
  return events.some(({ record }) => record.key === key);
}

/** Whoever reads a topic parks all others. */
const SCHEMA_VERSION = '1';

function contentFault({ event }: Found, due: Owed): CounterExample[] {
  const { record, causationId } = event;
  const wrong = [
    ...(record.key === due.key ? [] : ['key']),
    ...(causationId === due.causationId ? [] : ['cause']),
    ...(sameEvent(event, due) ? [] : ['content']),
    ...(record.headers['schema-version'] === SCHEMA_VERSION ? [] : ['schema version']),
  ];
  if (wrong.length === 0) return [];
  const what = `${event.type} differs from what its input calls for, in ${wrong.join(' and ')}`;
  return [{ what, orderId: event.orderId ?? undefined, eventId: event.id, at: placeOf(record) }];
}

function uncalledFor({ event }: Found): CounterExample {
  const { type, orderId, id, record } = event;
  const what = `no input calls for this ${type}`;
  return { what, orderId: orderId ?? undefined, eventId: id, at: placeOf(record) };
}

function orderOf({ payload }: Owed): string | undefined {
  return 'orderId' in payload ? payload.orderId : undefined;
}
