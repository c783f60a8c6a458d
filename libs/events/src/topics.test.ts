import { describe, expect, test } from 'vitest';
import {
  changelogs,
  deadLetterTopic,
  deadLetterTopics,
  topicNamed,
  topics,
  transactionalGroups,
} from './topics.js';

const all = Object.values(topics);

describe('the registry of topics', () => {
  test('names each topic once', () => {
    const names = [...all, ...Object.values(changelogs)].map((topic) => topic.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('an outbox topic is keyed by event id, and says what chooses the partition', () => {
    const outboxes = all.filter((topic) => topic.name.startsWith('outbox.'));
    expect(outboxes.length).toBeGreaterThan(2);
    for (const topic of outboxes) {
      expect(topic.key).toBe('event id');
      expect('partitionedBy' in topic).toBe(true);
    }
  });

  test('facts that are told once for ever are on compacted topics: outboxes and the ledger', () => {
    const compacted = all.filter(({ cleanup }) => cleanup === 'compact').map(({ name }) => name);
    const told = [
      'inventory.levels',
      'ledger',
      'outbox.catalogue',
      'outbox.order',
      'outbox.payment',
    ];
    expect(compacted.toSorted()).toEqual(told);
  });

  test('a compacted topic of facts waits a week, so that an auditor sees repeats', () => {
    const facts = all.filter(
      (topic) => topic.cleanup === 'compact' && topic.name !== 'inventory.levels',
    );
    expect(facts.length).toBeGreaterThan(2);
    const week = String(7 * 24 * 60 * 60 * 1000);
    for (const topic of facts)
      expect(topic.settings).toMatchObject({ 'min.compaction.lag.ms': week });
  });

  test('a store has as many partitions as the topics that feed it', () => {
    const counts = new Set([...all, ...Object.values(changelogs)].map((topic) => topic.partitions));
    expect([...counts]).toEqual([4]);
  });

  test('a name outside the registry is refused', () => {
    expect(topicNamed('ledger')).toBe(topics.ledger);
    expect(() => topicNamed('ledgers')).toThrow('ledgers is not in the topic registry');
    expect(deadLetterTopic('outbox.payment', 'ledger.book')).toBe('outbox.payment.ledger.book.dlq');
  });

  test('a group parks on a topic only where its stage answers with Kafka transactions', () => {
    expect(deadLetterTopics.toSorted()).toEqual([
      'enrichment.checks.enrichment.checks.dlq',
      'enrichment.fraud.enrichment.fraud.dlq',
      'enrichment.inventory.enrichment.inventory.dlq',
      'outbox.catalogue.enrichment.split.dlq',
      'outbox.order.enrichment.split.dlq',
      'outbox.payment.enrichment.split.dlq',
      'outbox.payment.ledger.book.dlq',
    ]);
    const readers = new Set(all.flatMap((topic): readonly string[] => topic.consumers));
    expect(transactionalGroups.filter((group) => !readers.has(group))).toEqual([]);
  });
});
