import { audit, reportOf, type Audit } from '@checkout/proof';
import { chosenEnrichment, startSystem, untilSignal, type System } from '@checkout/testkit';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CUSTOMERS, startLoad } from './load.js';
import { moves, someInFlight } from './progress.js';
import { Random } from './random.js';
import { faults, DECK } from './schedule.js';
import { Onlooker } from './onlooker.js';
import { Striker } from './strike.js';
import { Tally } from './tally.js';

/**
 * A shop full of customers, and somebody who kills and freezes every process of it; then the judge.
 *
 * A run has phases: start, load, faults while orders are on their way, healing, rest, verdict. It
 * fails when the judge finds a violation, when work does not go on after a fault, and when it
 * proved nothing: a kind of fault that never struck, or that never met an order on its way.
 */
export interface ChaosOptions {
  /** One run after the other, on one system: each verdict is about all orders so far. */
  readonly seeds: readonly number[];
  /** Faults strike for so long in each run, and until the deck in hand is through. */
  readonly minutes: number;
  readonly perSecond: number;
  /** What happens, as it happens. */
  readonly report: (line: string) => void;
  /** What each run has shown; its last line is the verdict. */
  readonly say: (line: string) => void;
}

interface Run extends Omit<ChaosOptions, 'seeds'> {
  readonly seed: number;
  /** That of this run is the last. */
  readonly seedsSoFar: readonly number[];
}

interface Shown {
  readonly held: boolean;
  readonly lines: readonly string[];
}

/** As shells say it of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;
const READY_WITHIN_MS = 90_000;
/** Customers whose answer has not come by then will never know. */
const ANSWERED_WITHIN_MS = 30_000;
const AT_REST_WITHIN_MS = 120_000;

/** True when every run held; the first that did not is the last. */
export async function chaos({ seeds, ...options }: ChaosOptions): Promise<boolean> {
  const runDir = await mkdtemp(join(tmpdir(), 'checkout-chaos-'));
  // PostgreSQL refuses to run as root, and as its own user it must be able to enter.
  await chmod(runDir, 0o755);
  const { report, say } = options;
  report(`seed ${seeds.join(', ')}; all is kept in ${runDir} until the verdict is good`);
  const env = { RUN_MODE: 'test', RECORD: '1', ...chosenEnrichment() };
  const start = (signal: AbortSignal) => startSystem({ runDir, report, env, signal });
  const system = await untilSignal(start, INTERRUPTED);
  try {
    for (const [n, seed] of seeds.entries()) {
      const { held, lines } = await shown(system, {
        ...options,
        seed,
        seedsSoFar: seeds.slice(0, n + 1),
      });
      lines.forEach(say);
      if (!held) return false;
    }
  } finally {
    await system.stop();
  }
  await rm(runDir, { recursive: true });
  return true;
}

/** A run that breaks off has shown something, too. */
async function shown(system: System, options: Run): Promise<Shown> {
  try {
    return await run(system, options);
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message} (${cause.message})` : message;
    const failed = `FAILED seed=${options.seed}: ${why}`;
    return { held: false, lines: [againLine(options), failed] };
  }
}

async function run(system: System, options: Run): Promise<Shown> {
  const { seed, perSecond, report } = options;
  const load = await startLoad({
    url: system.url,
    perSecond,
    seed,
    customers: CUSTOMERS,
    runDir: system.runDir,
  });
  const tally = new Tally();
  const striker = new Striker(system);
  const ordersUrl = system.databaseUrl('orders');
  try {
    await moves(ordersUrl);
    const onlooker = new Onlooker(system);
    try {
      await strikeAll({ system, striker, tally, onlooker, options });
      await striker.allThawed();
    } finally {
      await striker.heal();
      await onlooker.leaves();
    }
    const { verdicts, turnedAway, violation } = onlooker.seen;
    tally.looked({ customers: load.history.looks, judge: verdicts });
    report(`the judge looked ${verdicts} times meanwhile, and ${turnedAway} times in vain`);
    if (violation) {
      await load.end(0);
      const [judged = '', ...details] = violation.toReversed();
      return { held: false, lines: [...details.reverse(), againLine(options), judged] };
    }
    report('healing');
    await within(READY_WITHIN_MS, 'every part is ready again', system.ready());
    await moves(ordersUrl);
  } catch (error) {
    // Nobody is served any more, and nobody waits.
    await load.end(0);
    throw error;
  }
  const answers = await load.end(ANSWERED_WITHIN_MS);
  report(`${load.come()} customers came; requests: ${JSON.stringify(answers)}`);
  const verdict = await audit({ ...system, settleWithinMs: AT_REST_WITHIN_MS });
  return conclusion(verdict, tally, options);
}

interface Striking {
  readonly system: System;
  readonly striker: Striker;
  readonly tally: Tally;
  readonly onlooker: Onlooker;
  readonly options: Run;
}

async function strikeAll({ system, striker, tally, onlooker, options }: Striking): Promise<void> {
  const ordersUrl = system.databaseUrl('orders');
  const until = performance.now() + options.minutes * 60_000;
  let drawn = 0;
  let inFlight = 0;
  for (const fault of faults(new Random(options.seed, 'faults'))) {
    if (performance.now() > until && drawn % DECK === 0) return;
    if (onlooker.seen.violation) return;
    drawn++;
    if (fault.waits) await moves(ordersUrl);
    // A pause that a kill cuts short outlasts nothing.
    await striker.thawed(fault.target);
    // While that database is away no order comes to its end: those of before are on their way.
    inFlight = (await someInFlight(ordersUrl)) ?? inFlight;
    while (!striker.strike(fault)) {
      // It is down or frozen from an earlier fault: hit it as soon as it is back.
      await striker.thawed(fault.target);
      await within(READY_WITHIN_MS, `${fault.target} is back`, system.ready(fault.target));
      await moves(ordersUrl);
      inFlight = (await someInFlight(ordersUrl)) ?? inFlight;
    }
    tally.add({ fault, inFlight });
    onlooker.looks();
    const how = fault.kind === 'pause' ? ` for ${fault.milliseconds} ms` : '';
    options.report(`${fault.kind} ${fault.target}${how}, ${inFlight} orders on their way`);
  }
}

/** The judge’s word counts when nothing moved any more and every kind of fault has struck. */
export function conclusion(verdict: Audit, tally: Tally, options: Run): Shown {
  const { seed } = options;
  const lines = reportOf(verdict);
  const judged = lines.at(-1) ?? '';
  const struck = `kills=${tally.count('kill')} pauses=${tally.count('pause')}`;
  const details = [...lines.slice(0, -1), ...tally.lines()];
  if (!verdict.held) return { held: false, lines: [...details, againLine(options), judged] };
  const { waitedMilliseconds, waitingFor } = verdict.rest;
  if (waitingFor.length > 0) {
    // What was found is true of that moment, and what comes after it nobody has judged.
    const why = `NOT AT REST seed=${seed} after ${waitedMilliseconds} ms: ${waitingFor.join(', ')}`;
    return { held: false, lines: [...details, againLine(options), why] };
  }
  const vacuous = [...tally.vacuous(), ...unwitnessed(verdict), ...spared(verdict)];
  if (vacuous.length > 0) {
    const why = `VACUOUS seed=${seed}: ${vacuous.join('; ')}`;
    return { held: false, lines: [...details, againLine(options), why] };
  }
  const last = `EXACTLY-ONCE HELD seed=${seed} orders=${verdict.orders} ${struck}`;
  return { held: true, lines: [...details, last] };
}

/** Here clients and services do write down what they do: a run without that is half a proof. */
const WITNESSED = ['A01', 'A02', 'A03', 'A09'];

function unwitnessed({ invariants }: Audit): string[] {
  return invariants.flatMap(({ id, verdict, reason }) =>
    WITNESSED.includes(id) && verdict === 'NOT OBSERVED' ? [`${id}: ${reason}`] : [],
  );
}

/**
 * What faults bring about: without it they have hurt nobody. That two aborts overlap is a matter of
 * luck here and told only; the engine's drawn histories see to it.
 */
const HARDSHIPS = {
  unknownAnswers: 'no client was left without an answer',
  repeats: 'no client sent anything again',
  furtherAttempts: 'no attempt was made after one that had failed',
  aborts: 'no Kafka transaction was aborted',
  takeovers: 'no partition was taken over',
  readAgain: 'no record was read again',
} as const;

function spared({ met }: Audit): string[] {
  const names = Object.keys(HARDSHIPS) as (keyof typeof HARDSHIPS)[];
  return names.flatMap((name) => (met[name] > 0 ? [] : [HARDSHIPS[name]]));
}

/** What repeats the schedule. */
function againLine({ seedsSoFar, minutes, perSecond }: Run): string {
  const seeds = seedsSoFar.map((seed) => `--seed ${seed}`).join(' ');
  return `again: npm run chaos -- ${seeds} --minutes ${minutes} --rate ${perSecond}`;
}

async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: not within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
