import { changelogs, streamsChangelogs } from '@checkout/events';
import type { Draft } from './draft.js';

const ENRICHMENT = 'enrichment.';

/**
 * The same history, with Kafka Streams in the place of enrichment: its rows lie on other topics,
 * its producers have other names, and it writes down nothing of what it reads.
 */
export function onStreams(draft: Draft): Draft {
  const stores = Object.entries(streamsChangelogs) as [keyof typeof streamsChangelogs, string][];
  const names = new Map(stores.map(([key, name]) => [changelogs[key].name, name]));
  for (const log of draft.kafka.logs) {
    log.topic = names.get(log.topic) ?? log.topic;
    for (const record of log.records) record.topic = log.topic;
  }
  for (const producer of draft.kafka.producers) {
    const [service, stage, ...rest] = producer.transactionalId.split('.');
    if (`${service}.` !== ENRICHMENT) continue;
    producer.transactionalId = `${service}.${stage}-5d0c3f4e-${rest.join('-')}`;
  }
  for (const life of draft.recordings.consumed ?? []) {
    life.events = life.events.filter(({ group }) => !group.startsWith(ENRICHMENT));
  }
  return draft;
}
