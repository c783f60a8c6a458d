/**
 * The topics come from the registry in libs/events, by a job that is done when they are there and
 * as the registry says; and it refuses a cluster that holds the state of the other enrichment.
 */
import { run } from './command.ts';
import { nodeCache } from './environment.ts';
import type { Surroundings } from './part.ts';

export async function createTopics({
  addresses,
  enrichment,
  folder,
  signal,
}: Surroundings): Promise<void> {
  await run(process.execPath, ['deploy/topics/dist/main.js'], {
    log: folder.log('topics'),
    env: {
      ...nodeCache,
      KAFKA_BROKERS: addresses.brokers,
      ENRICHMENT: enrichment,
      LOG_FORMAT: 'text',
      RUN_MODE: 'local',
    },
    signal,
  });
}
