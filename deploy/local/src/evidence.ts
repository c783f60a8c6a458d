import { databases, urlOf } from './databases.ts';
import type { Surroundings } from './part.ts';

type Known = Pick<Surroundings, 'addresses' | 'ports' | 'secrets'> & { readonly runDir: string };

/**
 * Where a system's evidence lies, in the environment of the judge, with the role that may read
 * everything and change nothing.
 */
export function evidenceOf({ addresses, ports, secrets, runDir }: Known): Record<string, string> {
  const auditor = { name: 'auditor', password: secrets.passwords.auditor } as const;
  const urls = databases.map((database) => [
    `${database.toUpperCase()}_DATABASE_URL`,
    urlOf(addresses.databaseUrl, database, auditor),
  ]);
  return {
    ...(Object.fromEntries(urls) as Record<string, string>),
    KAFKA_BROKERS: addresses.brokers,
    GATEWAY_URL: `http://127.0.0.1:${ports['gateway-simulator']}`,
    RUN_DIR: runDir,
  };
}
