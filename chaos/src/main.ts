import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chaos } from './chaos.js';
import { showGuards } from './guards/command.js';
import { HISTORY_FILE, READS_FILE } from './client-history.js';
import { CUSTOMERS, startLoad } from './load.js';

/**
 * `npm run chaos -- --seed 42 --minutes 5`, `npm run load -- --rate 20 --seconds 60 --seed 1` and
 * `npm run guards -- --seed 42`.
 */
const USAGE = `npm run chaos -- [--seed N|random …] [--minutes 5] [--rate 8] [--log FILE]
npm run load -- [--rate 20] [--seconds 60] [--seed N]
npm run guards -- [--without GUARD …] [--seed 42]`;
/** Orders per second: with faults, no more than two cores catch up with. */
const CHAOS_RATE = 8;
const LOAD_RATE = 20;
/** A run without a seed is the one that everybody can compare. */
const GUARDS_SEED = 42;
const LARGEST_SEED = 2 ** 31;
const ANSWERED_WITHIN_MS = 30_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string' },
    log: { type: 'string' },
    without: { type: 'string', multiple: true },
  },
});

try {
  switch (positionals[0]) {
    case 'chaos':
      process.exitCode = await runChaos();
      break;
    case 'guards':
      process.exitCode = (await runGuards()) ? 0 : 1;
      break;
    case 'load':
      await runLoad();
      break;
    default:
      console.error(USAGE);
      process.exitCode = 64;
  }
} catch (error) {
  const { message, cause } = error as Error;
  console.error(cause instanceof Error ? `${message}\n  because ${cause.message}` : message);
  process.exitCode = 1;
}

/** Every seed in turn; `random` is drawn here and said. */
async function runChaos(): Promise<number> {
  const say = logTo(values.log);
  const report = (line: string): void => say(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
  const minutes = positive('minutes');
  const perSecond = positive('rate', CHAOS_RATE);
  const held = await chaos({ seeds: seeds(), minutes, perSecond, report, say });
  return held ? 0 : 1;
}

function runGuards(): Promise<boolean> {
  const [seed = GUARDS_SEED] = values.seed === undefined ? [] : seeds();
  return showGuards({ without: values.without ?? [], seed });
}

/** A log that is kept says of which code and which day it is. */
function logTo(file: string | undefined): (line: string) => void {
  if (file === undefined) return (line) => console.log(line);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  writeFileSync(file, `commit ${commit}, ${new Date().toISOString().slice(0, 10)}\n`);
  return (line) => {
    console.log(line);
    appendFileSync(file, `${line}\n`);
  };
}

async function runLoad(): Promise<void> {
  const runDir = resolve(process.env['RUN_DIR'] ?? '.run');
  const [seed = drawn()] = seeds();
  const seconds = positive('seconds');
  mkdirSync(runDir, { recursive: true });
  const perSecond = positive('rate', LOAD_RATE);
  const url = addressOf(runDir);
  const load = await startLoad({ url, perSecond, seed, customers: CUSTOMERS, runDir });
  await pause(seconds * 1_000);
  const { ok, fail, unknown } = await load.end(ANSWERED_WITHIN_MS);
  console.log(`written down in ${join(runDir, HISTORY_FILE)} and ${READS_FILE}`);
  console.log(
    `LOAD seed=${seed} customers=${load.come()} ok=${ok} fail=${fail} unknown=${unknown}`,
  );
}

function addressOf(runDir: string): string {
  try {
    const ports = readFileSync(join(runDir, 'ports.json'), 'utf8');
    return `http://localhost:${(JSON.parse(ports) as { console: number }).console}`;
  } catch (error) {
    throw new Error(`${runDir} holds no running system.  ->  npm start`, { cause: error });
  }
}

function seeds(): number[] {
  const asked = values.seed ?? ['random'];
  return asked.map((text) => (text === 'random' ? drawn() : wholeSeed(text)));
}

function drawn(): number {
  return randomInt(LARGEST_SEED);
}

function wholeSeed(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--seed ${text}: expected a whole number, or random`);
}

function positive(name: 'minutes' | 'seconds' | 'rate', unasked = NaN): number {
  const number = Number(values[name] ?? unasked);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name} ${values[name]}: expected a number above 0`);
}
