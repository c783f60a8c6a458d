import type { Addresses } from './part.ts';
import type { Ports } from './ports.ts';
import type { Secrets } from './secrets.ts';

/** Servers that exist already and are used instead of own ones. */
export interface ExistingServers {
  readonly databaseUrl?: string;
  readonly kafkaBrokers?: string;
  readonly connectUrl?: string;
}

export function addressesOf(ports: Ports, secrets: Secrets, existing: ExistingServers): Addresses {
  const local = (name: string): string => `127.0.0.1:${ports[name]}`;
  const admin = `postgres:${secrets.passwords.postgres}`;
  return {
    databaseUrl: existing.databaseUrl ?? `postgres://${admin}@${local('postgres')}/postgres`,
    brokers: existing.kafkaBrokers ?? local('broker'),
    brokersForConnect: existing.kafkaBrokers ?? local('broker-for-connect'),
    connectUrl: existing.connectUrl ?? `http://${local('connect')}`,
    existing: {
      database: existing.databaseUrl !== undefined,
      kafka: existing.kafkaBrokers !== undefined,
      connect: existing.connectUrl !== undefined,
    },
  };
}
