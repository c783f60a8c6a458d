/**
 * What may follow a command after `--`, looked at before anything is installed or built: a typing
 * error is told at once and not minutes later.
 *
 * `check` and `e2e` hand on what they are given to tools with a language of their own. All others
 * take what stands here; their programs read it again, each in its own way.
 */
import { parseArgs } from 'node:util';

/** Every part of a system, in the order of a start (src/topology.ts). */
export const partNames = [
  ...['jars', 'build', 'postgres', 'broker', 'connect', 'topics', 'gateway-simulator', 'order'],
  ...['payment', 'enrichment', 'ledger', 'console', 'connectors'],
];

const FLAG = true;
const number = { expects: 'a number above 0', fits: (text) => Number(text) > 0 };
const whole = { expects: 'a whole number above 0', fits: (text) => /^0*[1-9]\d*$/.test(text) };
const wholes = {
  expects: 'whole numbers above 0, with commas between them',
  fits: (text) => text.split(',').every(whole.fits),
};
const seed = { expects: 'a whole number, or random', fits: (text) => /^(\d+|random)$/.test(text) };
const version = {
  expects: 'a version such as 4.3.1',
  fits: (text) => /^\d+(\.\d+){1,2}$/.test(text),
};
const guard = {
  expects: 'the name of a guard, as libs/eos/src/conformance/README.md has it',
  fits: (text) => /^[a-z]+(-[a-z]+)+$/.test(text),
};
const file = { expects: 'the name of a file', fits: (text) => text !== '' };
const parts = {
  expects: `parts, with commas between them: ${partNames.join(', ')}`,
  fits: (text) => text.split(',').every((name) => partNames.includes(name)),
};

const chaos = { options: { seed, minutes: number, rate: number, log: file } };
const bench = {
  words: ['start', 'latency', 'acceptance', 'engine', 'commit-interval', 'hot-products'],
  options: {
    ...{ runs: whole, rate: whole, rates: wholes, seconds: whole, customers: whole },
    ...{ pairs: whole, concurrency: whole, rounds: whole, quick: FLAG },
  },
};
const accepted = {
  start: { options: { fresh: FLAG, only: parts } },
  test: { options: {} },
  load: { options: { rate: number, seconds: number, seed } },
  chaos,
  soak: chaos,
  guards: { options: { without: guard, seed } },
  histories: { options: {} },
  conformance: { options: { kills: whole, seed } },
  bench,
  audit: { options: { json: FLAG, now: FLAG } },
  finding: { options: { kafka: version, rounds: whole } },
  openapi: { options: {} },
  doctor: { options: {} },
};

/**
 * Each thing that the command does not understand, and what it does; nothing when all is well.
 *
 * @param {string} command @param {string[]} args
 * @param {Record<string, string | undefined>} env @returns {string[]}
 */
export function faultsOfArguments(command, args, env = process.env) {
  const known = accepted[command];
  if (known === undefined) return [];
  const { options, words = [] } = known;
  const types = Object.entries(options).map(([name, option]) => [
    name,
    { type: option === FLAG ? 'boolean' : 'string' },
  ]);
  const { tokens } = parseArgs({
    args,
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const faults = tokens.flatMap((token) => faultOf(token, { options, words }) ?? []);
  const said = tokens.filter(({ kind }) => kind === 'positional').length;
  if (words.length > 0 && said !== 1) faults.push(`say one of ${words.join(', ')}`);
  if (faults.length === 0) return forgetsNothingOfOthers(tokens, env);
  const all = [...words, ...Object.keys(options).map((name) => `--${name}`)];
  return [...faults, `${command} takes ${all.length === 0 ? 'no arguments' : all.join(', ')}`];
}

/** Half of a system that begins anew beside the other half's memory would be a broken one. */
function forgetsNothingOfOthers(tokens, env) {
  const named = ['DATABASE_URL', 'KAFKA_BROKERS', 'CONNECT_URL'].filter((name) => env[name]);
  if (named.length === 0 || !tokens.some(({ name }) => name === 'fresh')) return [];
  const others = `${named.join(', ')} ${named.length === 1 ? 'names one' : 'name some'}`;
  return [
    `--fresh forgets what this system's own servers hold, and ${others} of somebody else.  ->  ` +
      'remove there what this system has written (deploy/local/README.md, "To begin anew"), or ' +
      'name another server',
  ];
}

function faultOf({ kind, name, rawName, value }, { options, words }) {
  if (kind === 'option-terminator') return undefined;
  if (kind === 'positional') {
    return words.includes(value) ? undefined : `"${value}" is not understood`;
  }
  if (!Object.hasOwn(options, name)) return `there is no option ${rawName}`;
  const option = options[name];
  if (option === FLAG) return value === undefined ? undefined : `${rawName} takes no value`;
  if (value !== undefined && option.fits(value)) return undefined;
  return `${[rawName, value].filter(Boolean).join(' ')}: expected ${option.expects}`;
}
