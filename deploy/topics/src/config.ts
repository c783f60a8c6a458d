/** host:port, separated by commas. */
export function brokersFrom(env: NodeJS.ProcessEnv): string[] {
  const brokers = (env['KAFKA_BROKERS'] ?? '').split(',').filter((broker) => broker !== '');
  if (brokers.length > 0) return brokers;
  throw new Error('KAFKA_BROKERS is empty: it must name the brokers, host:port[,host:port]');
}

const ENRICHMENTS = ['engine', 'streams'] as const;
export type Enrichment = (typeof ENRICHMENTS)[number];

/** Who will keep the state of enrichment here. */
export function enrichmentFrom(env: NodeJS.ProcessEnv): Enrichment {
  const value = env['ENRICHMENT'] ?? 'engine';
  const known = ENRICHMENTS.find((one) => one === value);
  if (known) return known;
  throw new Error(`ENRICHMENT is "${value}": expected ${ENRICHMENTS.join(' or ')}`);
}
