/**
 * The whole system on one page: every part, what it needs, how it comes up.
 *
 *   jars ──▶ broker ──▶ connect ───────────────────────────────┐
 *               └────▶ topics ──▶ order, payment, ledger ──────┴──▶ connectors
 *   build ───────────────┘  └───▶ enrichment ◀── enrichment-streams, with ENRICHMENT=streams
 *     └──────▶ gateway-simulator, console
 *   postgres ─▶ gateway-simulator, order, payment, ledger
 */
import { startBroker } from './broker.ts';
import { buildServices } from './build.ts';
import { startConnect } from './connect.ts';
import { proveConnectors, startConnectors } from './connectors.ts';
import { resolveJars } from './jars.ts';
import { STREAMS_PART, buildStreams } from './enrichment-streams.ts';
import type { Part, Surroundings } from './part.ts';
import { startPostgres } from './postgres.ts';
import { serviceNames, serviceParts } from './services.ts';
import { createTopics } from './topics.ts';

/** Every port of a system, by name: a part's own name where it has one port. */
export const portNames = [
  ...serviceNames,
  ...['postgres', 'broker', 'broker-for-connect', 'broker-controller', 'connect'],
];

export function topology(around: Surroundings): readonly Part[] {
  const { existing } = around.addresses;
  const streams = { name: STREAMS_PART, needs: ['jars'], start: () => buildStreams(around) };
  return [
    { name: 'jars', needs: [], start: () => resolveJars(around) },
    { name: 'build', needs: [], start: () => buildServices(around) },
    { name: 'postgres', needs: [], start: () => startPostgres(around) },
    { name: 'broker', needs: existing.kafka ? [] : ['jars'], start: () => startBroker(around) },
    {
      name: 'connect',
      needs: existing.connect ? ['broker'] : ['jars', 'broker'],
      start: () => startConnect(around),
    },
    { name: 'topics', needs: ['broker', 'build'], start: () => createTopics(around) },
    ...(around.enrichment === 'streams' ? [streams] : []),
    ...serviceParts(around),
    {
      name: 'connectors',
      needs: ['connect', 'order', 'payment', 'ledger'],
      start: () => startConnectors(around),
      proveReady: () => proveConnectors(around),
    },
  ];
}
