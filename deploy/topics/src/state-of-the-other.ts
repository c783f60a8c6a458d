import { changelogs, streamsChangelogs } from '@checkout/events';
import type { Enrichment } from './config.js';

/**
 * Reservations, verdicts and joins lie in the changelogs of whoever wrote them, and the other of
 * the two enrichments does not read those: it would sell every reserved piece once more.
 */
export function stateOfTheOther(enrichment: Enrichment): { topics: string[]; otherwise: string } {
  const other = enrichment === 'streams' ? 'engine' : 'streams';
  const { stock, velocity, checks } = changelogs;
  const own = [stock, velocity, checks].map(({ name }) => name);
  return {
    topics: other === 'engine' ? own : Object.values(streamsChangelogs),
    otherwise:
      `the enrichment of these orders was ENRICHMENT=${other}, and ${enrichment} cannot read its ` +
      `state.  ->  start with ENRICHMENT=${other}, or begin anew: npm start -- --fresh`,
  };
}
