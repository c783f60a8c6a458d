import type { Enrichment } from '../enrichments.mjs';
import type { RunFolder } from './run-folder.ts';
import type { Supervisor } from './supervisor.ts';
import type { Ports } from './ports.ts';
import type { Secrets } from './secrets.ts';

/** One line of the topology: what it is called, what must be ready before it, how it comes up. */
export interface Part {
  readonly name: string;
  readonly needs: readonly string[];
  /** Resolves when the part is ready, and says what a person wants to know of it. */
  start(): Promise<string | void>;
  /** For what is no process of its own: proof that it works now. */
  proveReady?(): Promise<unknown>;
}

/** What every part may know. */
export interface Surroundings {
  readonly folder: RunFolder;
  readonly supervisor: Supervisor;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly addresses: Addresses;
  /** Who decides about orders. */
  readonly enrichment: Enrichment;
  /** Added to the environment of every service. */
  readonly env: Readonly<Record<string, string>>;
  readonly envOf: EnvironmentOf;
  /** Where the broker's jars lie. */
  readonly brokerJars: string;
  readonly report: (line: string) => void;
  /** Aborted when the system is told to stop. */
  readonly signal: AbortSignal;
}

/** What a service is started with, given what it would be. */
export type EnvironmentOf = (
  service: string,
  env: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, string>>>;

export interface Addresses {
  /** The database server with its administrator. */
  readonly databaseUrl: string;
  readonly brokers: string;
  /** The broker's listener for Connect. */
  readonly brokersForConnect: string;
  readonly connectUrl: string;
  /** Somebody else runs these, we only use them. */
  readonly existing: {
    readonly database: boolean;
    readonly kafka: boolean;
    readonly connect: boolean;
  };
}
