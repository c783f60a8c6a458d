import { brokerJarsOf, jars, startSystem, type System } from '@checkout/local';
import { until } from '@checkout/testkit';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmallTransactions } from './small-transactions.js';

/**
 * Whether a broker that is killed in the middle of commits writes all their markers when it is back
 * (docs/findings/hanging-markers.md).
 *
 * A round: 24 producers commit small Kafka transactions to a topic of the round's own, the lone
 * broker is killed with SIGKILL and started again, and whoever still holds a partition open well
 * after every time-out holds it for ever.
 */
export interface Round {
  /** Commits that were answered before the kill. */
  readonly commits: number;
  /** Partitions that still wait, and for whom. */
  readonly open: readonly string[];
  /** How often the broker said that it skips a partition that is "likely deleted". */
  readonly skipped: number;
}

/** So many that at each moment some are between their commit and its markers. */
const ENOUGH_COMMITS = 2_000;
/** The producers' Kafka transactions time out after 5 s, and the broker looks twice a second. */
const SETTLED_WITHIN_MS = 15_000;
const SKIPS = /these partitions are likely deleted already/g;

export interface Reproduction {
  /** Undefined: the version that everything here runs on. */
  readonly kafka: string | undefined;
  readonly rounds: number;
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

export async function hangingMarkers(options: Reproduction): Promise<readonly Round[]> {
  const { kafka, rounds, report, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'checkout-finding-'));
  const brokerJars =
    kafka === undefined ? jars.broker : await brokerJarsOf(kafka, join(folder, 'maven.log'));
  const runDir = join(folder, 'run');
  const only = ['broker'];
  const system = await startSystem({ only, runDir, brokerJars, ...(signal && { signal }) });
  const seen: Round[] = [];
  try {
    const [broker = ''] = system.brokers;
    const program = new SmallTransactions({ jars: brokerJars, folder, broker });
    for (let n = 1; n <= rounds; n++) {
      const round = await killAndLook(system, program, `round-${n}`);
      seen.push(round);
      report(
        `round ${n}: ${round.commits} commits, ${round.open.length} partitions wait, ` +
          `${round.skipped} markers skipped`,
      );
      round.open.forEach((line) => report(`  ${line}`));
    }
  } finally {
    await system.stop();
    await rm(folder, { recursive: true });
  }
  return seen;
}

async function killAndLook(
  system: System,
  program: SmallTransactions,
  topic: string,
): Promise<Round> {
  const before = await skips(system);
  const load = await program.load(topic, ENOUGH_COMMITS);
  system.kill('broker');
  const commits = load.commits();
  await system.ready('broker');
  await load.end();
  let open: readonly string[] = [];
  const settled = { what: 'all markers are written', withinMs: SETTLED_WITHIN_MS, everyMs: 500 };
  await until(settled, async () => {
    open = await program.open(topic);
    return open.length === 0;
  }).catch((error: unknown) => {
    if (open.length === 0) throw error;
  });
  return { commits, open, skipped: (await skips(system)) - before };
}

async function skips({ runDir }: System): Promise<number> {
  const log = await readFile(join(runDir, 'logs', 'broker.log'), 'utf8');
  return log.match(SKIPS)?.length ?? 0;
}
