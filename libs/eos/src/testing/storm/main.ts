/**
 * `npm run conformance -- --kills 1000 --seed 42`: the storm of the tests, for as long as one
 * likes, on a broker of its own. Its last line is the verdict; ends with 0 when nothing is wrong.
 */
import { parseArgs } from 'node:util';
import { JavaWitness } from '@checkout/local';
import { startBroker } from '../broker.js';
import { storm, type Storm, type Struck } from './storm.js';
import { isFlawless } from './verdict.js';

const LARGEST_SEED = 2 ** 31;
/** Fewer in flight, and the storm would be one beside the work. */
const IN_FLIGHT = 0.2;
const A_LINE_EVERY = 50;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: 'random' },
  },
});

/** Ctrl-C ends the storm; the verdict is about what has been. */
let interrupted = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => (interrupted = true));

async function weathered(): Promise<number> {
  const seed = values.seed === 'random' ? Date.now() % LARGEST_SEED : Number(values.seed);
  const kills = Number(values.kills);
  console.log(`seed ${seed}: three processes, four partitions, ${kills} kills`);
  const broker = await startBroker();
  const java = new JavaWitness(broker.runDir, broker.brokers);
  try {
    const enough = ({ kill }: Struck): boolean => interrupted || kill >= kills;
    const seen = await storm({ brokers: broker.brokers, java, seed, enough, report: saying() });
    console.log(verdictOf(seed, seen));
    const isWhole = seen.struck.kill >= kills && shareOf(seen.struck) >= IN_FLIGHT;
    return isFlawless(seen) && isWhole ? 0 : 1;
  } finally {
    await java.end();
    await broker.stop();
  }
}

function saying(): (struck: Struck) => void {
  let next = A_LINE_EVERY;
  return (struck) => {
    if (struck.kill + struck.pause < next) return;
    next += A_LINE_EVERY;
    const at = new Date().toTimeString().slice(0, 8);
    console.log(
      `${at}  ${struck.kill} kills, ${struck.pause} pauses, ${percent(struck)} in flight`,
    );
  };
}

const shareOf = ({ kill, pause, inFlight }: Struck): number => inFlight / (kill + pause);
const percent = (struck: Struck): string => `${Math.round(shareOf(struck) * 100)} %`;

function verdictOf(seed: number, { struck, ...seen }: Storm): string {
  const figures = [
    ...[`seed=${seed}`, `kills=${struck.kill}`, `pauses=${struck.pause}`],
    ...[`in-flight=${percent(struck).replace(' ', '')}`, `records=${seen.records}`],
    ...[`lost=${seen.lost}`, `duplicated=${seen.duplicated}`, `out-of-order=${seen.outOfOrder}`],
    ...[`rolled-back=${seen.rolledBack}`, `wrong-state=${seen.wrongState}`],
    ...[`zombies=${seen.zombies}`, `aborted=${seen.aborted}`, `endings=${seen.endings}`],
  ];
  return `${isFlawless(seen) ? 'EXACTLY ONCE' : 'VIOLATED'} ${figures.join(' ')}`;
}

process.exitCode = await weathered().catch((error: unknown) => {
  console.error(error);
  return 1;
});
