import { resolve } from 'node:path';
import type { ExistingServers } from './addresses.ts';
import { pick, repository } from './environment.ts';

/** What a person has chosen in the environment: which system is meant, and what it runs on. */
export function chosenRunDir(): string {
  return resolve(repository, pick(['RUN_DIR'])['RUN_DIR'] ?? '.run');
}

/** Who decides about orders; nothing where nobody has chosen. */
export function chosenEnrichment(): Record<string, string> {
  return pick(['ENRICHMENT']);
}

export function existingServers(): ExistingServers {
  const { DATABASE_URL, KAFKA_BROKERS, CONNECT_URL } = pick([
    'DATABASE_URL',
    'KAFKA_BROKERS',
    'CONNECT_URL',
  ]);
  return {
    ...(DATABASE_URL && { databaseUrl: DATABASE_URL }),
    ...(KAFKA_BROKERS && { kafkaBrokers: KAFKA_BROKERS }),
    ...(CONNECT_URL && { connectUrl: CONNECT_URL }),
  };
}
