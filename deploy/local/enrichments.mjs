/**
 * Who may decide about orders: `apps/enrichment`, or Kafka Streams in its place. Plain JavaScript:
 * a typing error is told before anything is installed.
 */
const enrichments = ['engine', 'streams'];

/** @param {Record<string, string | undefined>} env @returns {'engine' | 'streams'} */
export function enrichmentIn(env) {
  const value = env['ENRICHMENT'] || enrichments[0];
  if (enrichments.includes(value)) return value;
  throw new Error(`ENRICHMENT is "${value}": expected ${enrichments.join(' or ')}`);
}
