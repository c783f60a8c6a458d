/**
 * `npm start`: the whole system, until Ctrl-C.
 *
 * Ends with one line that holds the address. Whatever happens, nothing is left running: a part that
 * fails ends all others, a signal ends them in order, a second signal ends them at once.
 */
import { parseArgs } from 'node:util';
import { faultsOfArguments } from '../arguments.mjs';
import { knownPorts, nextFree } from '../checks.mjs';
import { chosenEnrichment, chosenRunDir, existingServers } from './chosen.ts';
import { pick } from './environment.ts';
import type { Ports } from './ports.ts';
import { AlreadyRunning } from './run-folder.ts';
import { PartFailed, startSystem } from './system.ts';
import { untilSignal } from './until-signal.ts';

/** Handed on to every service when somebody sets them. */
const PASSED_ON = [
  'RUN_MODE',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'STRIPE_API_BASE',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'CLOCK_SKEW_MS',
  'RECORD',
  'GUARDS_OFF',
];

const values = readArguments();
const env = pick(knownPorts.map(({ variable }) => variable));
let up = false;

// A terminal that was closed can be told nothing more; ending in order goes on all the same.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  const system = await untilSignal(
    (signal) =>
      startSystem({
        runDir: chosenRunDir(),
        fresh: values.fresh,
        ...(values.only && { only: values.only.split(',') }),
        ports: chosenPorts(),
        servers: existingServers(),
        env: { ...pick(PASSED_ON), ...chosenEnrichment() },
        report,
        signal,
      }),
    0,
  );
  up = true;
  console.log(`Ready in ${(performance.now() / 1000).toFixed(1)} s: ${values.only ?? system.url}`);
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof AlreadyRunning) console.error(await besideIt(error.folder));
  if (error instanceof PartFailed)
    console.error('  Next: npm run doctor, and then npm start again');
  process.exit(1);
}

/** With the time of day once it is up. */
function report(line: string): void {
  console.log(up ? `${new Date().toTimeString().slice(0, 8)}  ${line}` : line);
}

function readArguments(): { fresh: boolean; only?: string | undefined } {
  const args = process.argv.slice(2);
  const faults = faultsOfArguments('start', args);
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    process.exit(64);
  }
  const options = { fresh: { type: 'boolean', default: false }, only: { type: 'string' } } as const;
  return parseArgs({ args, options }).values;
}

/** With ports that nobody has: the other runner's need not be the usual ones. */
async function besideIt(folder: string): Promise<string> {
  const others = new Set(Object.values(chosenPorts()));
  const words = [`RUN_DIR=${folder}2`];
  for (const { part, variable } of knownPorts) {
    const port = await nextFree(chosenPorts()[part] ?? 0, others);
    others.add(port);
    words.push(`${variable}=${port}`);
  }
  return `  or run beside it: ${words.join(' ')} npm start`;
}

function chosenPorts(): Ports {
  return Object.fromEntries(
    knownPorts.map(({ part, variable, usual }) => [part, Number(env[variable] ?? usual)]),
  );
}
