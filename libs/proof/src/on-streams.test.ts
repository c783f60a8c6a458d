import { streamsChangelogs } from '@checkout/events';
import { describe, expect, it, vi } from 'vitest';
import { stopwatch } from './clock.js';
import { cleanHistory } from './testing/clean-history.js';
import { corruptionsOfEnrichment } from './testing/corruptions-of-enrichment.js';
import { corruptionsOfStores } from './testing/corruptions-of-stores.js';
import { corruptionsOfVerdicts } from './testing/corruptions-of-verdicts.js';
import { draftOf } from './testing/draft.js';
import { historyOf, violated } from './testing/judged.js';
import { onStreams } from './testing/on-streams.js';
import { write } from './testing/planting.js';
import { judge, type Verdict } from './verdict.js';

vi.setConfig({ testTimeout: 60_000 });

const CLEAN_HISTORIES = 100;
const SEEDS_TRIED = 60;
/** Of a stage's rows and of what it has answered. */
const corruptions = [...corruptionsOfStores, ...corruptionsOfEnrichment, ...corruptionsOfVerdicts];
/** It is about the engine's changelogs by name. */
const planted = corruptions.filter(({ name }) => !name.includes('Kafka Streams'));

function rowsOf({ invariants }: Verdict): (readonly [string, number])[] {
  return invariants.map(({ id, rows }) => [id, rows] as const);
}

describe('a shop that runs on Kafka Streams', () => {
  it('is clean where the engine’s is, and no invariant looks at less', () => {
    for (let seed = 1; seed <= CLEAN_HISTORIES; seed++) {
      const history = cleanHistory(seed, { orders: 4 });
      const engine = judge(history, stopwatch());
      const streams = judge(onStreams(draftOf(history)), stopwatch());
      expect(violated(streams)).toEqual([]);
      expect(streams.notObserved).toBe(engine.notObserved);
      const recorded = ['A07', 'A08', 'A09', 'A12', 'A35'];
      const compared = (verdict: Verdict) =>
        rowsOf(verdict).filter(([id]) => !recorded.includes(id));
      expect(compared(streams)).toEqual(compared(engine));
      // What nobody has written down is told, wherever it is missed.
      const partly = streams.invariants.filter(({ without }) => without?.includes('Kafka Streams'));
      expect(partly.map(({ id }) => id).toSorted()).toEqual(recorded);
    }
  });

  it.each(planted.map((one) => [one.turnsRed, one.name, one] as const))(
    'shows by %s alone, too: %s',
    (id, _name, { plant }) => {
      for (let seed = 1; seed <= SEEDS_TRIED; seed++) {
        const draft = historyOf(seed);
        if (!plant(draft)) continue;
        expect(violated(judge(onStreams(draft), stopwatch()))).toEqual([id]);
        return;
      }
      throw new Error('no history has room for it');
    },
  );

  it('cannot hide that readings of other services are gone', () => {
    const draft = onStreams(historyOf(1));
    for (const life of draft.recordings.consumed ?? []) {
      life.events = life.events.filter(({ group }) => group !== 'payment.charge');
    }
    expect(violated(judge(draft, stopwatch()))).toContain('A08');
  });
});

describe('a shop that runs on the engine', () => {
  it('is not excused by a row of Kafka Streams: its readings are missed as before', () => {
    const draft = historyOf(1);
    const topic = streamsChangelogs.stock;
    const partition = { topic, partition: 0, start: 0, lastStable: 0, end: 0 };
    draft.kafka.logs.push({ ...partition, records: [], markers: [] });
    write(draft, { topic, partition: 0, key: 'espresso-cup/0', value: '{}', headers: {} });
    for (const life of draft.recordings.consumed ?? []) {
      life.events = life.events.filter(({ group }) => !group.startsWith('enrichment.'));
    }
    const { invariants } = judge(draft, stopwatch());
    const saidBy = (name: string) =>
      invariants.find(({ id }) => id === name)?.counterExamples.map(({ what }) => what);
    expect(saidBy('A10')?.[0]).toContain('where the engine has kept rows, too');
    for (const group of ['enrichment.split', 'enrichment.fraud', 'enrichment.checks'])
      expect(saidBy('A08')).toContain(`${group} has passed it and never read it`);
  });
});
