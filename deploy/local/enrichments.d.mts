export type Enrichment = 'engine' | 'streams';
/** Throws when ENRICHMENT names neither. */
export function enrichmentIn(env: Readonly<Record<string, string | undefined>>): Enrichment;
