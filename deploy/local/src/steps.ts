/**
 * `npm test`, `check`, `e2e`, `bench` and `openapi`: which steps each takes, in which order, and
 * where to look when one fails. What a person runs and what CI runs is this one table.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildBegins } from './build.ts';
import { nodeCache, pick, repository, wholeEnvironment } from './environment.ts';

interface Step {
  readonly name: string;
  /** A program of node_modules/.bin and its arguments, or a file for this Node. */
  readonly run: readonly string[];
  readonly in?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly look: string;
  /** Called before it; what it returns, when it has passed. */
  readonly begins?: () => () => void;
}

const format: Step = {
  name: 'format',
  run: ['prettier', '--check', '--log-level', 'warn', '.'],
  look: '`npx prettier --write .` mends it',
};
const lint: Step = {
  name: 'lint',
  run: ['eslint', '.'],
  look: '`npx eslint --fix .` mends what can be mended; each rule has its reason beside it',
};
const boundaries: Step = {
  name: 'boundaries',
  run: ['vitest', 'run', '--config', 'tidy/vitest.config.ts'],
  look: 'the failed title is the rule; its check lies in tidy',
};
const openApiProgram = 'libs/api/dist/openapi.main.js';
const types: Step = {
  name: 'types and build',
  run: ['nx', 'run-many', '-t', 'build'],
  begins: buildBegins,
  look: 'the first error above; one project alone: `npx nx build <project>`',
};
const contract: Step = {
  name: 'openapi',
  run: [openApiProgram, '--check'],
  look: 'docs/openapi.json and the list of routes in libs/api',
};
const writeContract: Step = {
  name: 'openapi',
  run: [openApiProgram],
  look: 'the message above: it names the route',
};
const tests: Step = {
  name: 'unit and integration',
  // Three suites at a time: most wait for a broker or a database for much of theirs, and with more
  // they would wait for one another.
  run: ['nx', 'run-many', '-t', 'test', '--parallel=3', '--excludeTaskDependencies'],
  look: 'the first failed title above; one project alone: `npx nx test <project>`',
};
/** The same engine, killed and frozen on purpose: nothing else may take its time meanwhile. */
const conformance: Step = {
  name: 'conformance',
  run: ['vitest', 'run', '--config', '../../vitest.broker.config.ts', 'src/conformance'],
  in: 'libs/eos',
  look: 'the failed title above is the broken promise; its figures stand above it',
};
const storm: Step = {
  name: 'storm',
  run: ['libs/eos/src/testing/storm/conformance.mjs'],
  look: 'the line above; the same seed repeats the schedule',
};
const readme: Step = {
  name: 'readme',
  run: ['vitest', 'run', '--config', 'tidy/readme/vitest.config.ts'],
  look: 'the command that is named above, of the README or docs/api.md, and the line it promises',
};
const browser: Step = {
  name: 'e2e',
  run: ['playwright', 'test'],
  in: 'e2e',
  look: 'the failed title above is the broken promise; screenshots and logs: e2e/test-results',
};
const bench: Step = {
  name: 'bench',
  run: ['bench/dist/main.js'],
  look: 'the lines above',
};

const load: Step = {
  name: 'load',
  run: ['chaos/dist/main.js', 'load'],
  look: 'the lines above; a system must run: npm start',
};
const chaos: Step = {
  name: 'chaos',
  run: ['chaos/dist/main.js', 'chaos'],
  look: 'the line that begins with "again" repeats it; logs and data: the folder named first',
};
const guards: Step = {
  name: 'guards',
  run: ['chaos/dist/main.js', 'guards'],
  look: 'the last line says which guard was not shown; logs and data: the folder named above it',
};
const soak: Step = {
  ...chaos,
  name: 'soak',
  run: [
    ...chaos.run,
    ...['--seed', 'random', '--minutes', '31', '--rate', '8', '--log', 'chaos/last-soak.txt'],
  ],
};
const finding: Step = {
  name: 'finding',
  run: ['findings/dist/main.js'],
  look: 'docs/findings',
};

/** A few hundred of them are part of the tests. */
const histories: Step = {
  name: 'histories',
  run: [
    'vitest',
    'run',
    '--config',
    '../../vitest.broker.config.ts',
    'src/drawn-histories.test.ts',
  ],
  in: 'libs/eos',
  env: { HISTORIES: '10000' },
  look: 'seed, history and log above; SEED in the environment draws the same ones again',
};

/** Steps in brackets need nothing of one another and run side by side. */
const commands: Readonly<Record<string, readonly (readonly Step[])[]>> = {
  test: [
    [format, types],
    [contract, lint, boundaries],
    [tests],
    [conformance],
    [readme],
    [browser],
  ],
  check: [[format, types], [contract, lint, boundaries], [tests], [conformance]],
  e2e: [[types], [browser]],
  bench: [[types], [bench]],
  load: [[types], [load]],
  chaos: [[types], [chaos]],
  guards: [[types], [guards]],
  finding: [[types], [finding]],
  histories: [[types], [histories]],
  conformance: [[types], [storm]],
  soak: [[types], [histories], [soak]],
  openapi: [[types], [writeContract]],
};

/** Their last line is a figure or a verdict, and nothing is said after it. */
const haveTheLastWord = new Set([
  ...['bench', 'load', 'chaos', 'guards', 'soak', 'finding', 'conformance'],
]);

const [command = '', ...more] = process.argv.slice(2);
const stages = commands[command] ?? [];
const from = performance.now();
for (const stage of stages) {
  const isLast = stage === stages.at(-1);
  const args = isLast ? more : [];
  if (isLast && haveTheLastWord.has(command)) process.exit(await lastWord(stage, args));
  const passed = await Promise.all(stage.map((step) => passes(step, args, stage.length > 1)));
  if (passed.includes(false)) process.exit(1);
}
console.log(`\n${command} passed in ${seconds(from)} s`);
process.exit(0);

async function lastWord([step]: readonly Step[], args: readonly string[]): Promise<number> {
  if (!step) throw new Error(`${command} has no last step`);
  return (await runStep(step, args, 'inherit')).code;
}

/** What a step says is told at once, or, beside another, when it has ended. */
async function passes(step: Step, args: readonly string[], isBesides: boolean): Promise<boolean> {
  const stepFrom = performance.now();
  const note = step.begins?.();
  const heading = `\n── ${step.name}`;
  if (!isBesides) console.log(heading);
  const { code, output } = await runStep(step, args, isBesides ? 'pipe' : 'inherit');
  if (isBesides) process.stdout.write(`${heading}\n${output}`);
  if (code === 0) note?.();
  if (code === 0) console.log(`── ${step.name} passed in ${seconds(stepFrom)} s`);
  else console.error(`── ${step.name} failed after ${seconds(stepFrom)} s. Look at: ${step.look}`);
  return code === 0;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

interface Ended {
  readonly code: number;
  /** Empty when it was told at once. */
  readonly output: string;
}

/** A signal ends the step with all that it started, and the command. */
function runStep(step: Step, args: readonly string[], stdio: 'inherit' | 'pipe'): Promise<Ended> {
  const bin = join(repository, 'node_modules', '.bin');
  const [program = '', ...rest] = step.run;
  const isFile = /\.m?js$/.test(program);
  const file = isFile ? process.execPath : join(bin, program);
  const child = spawn(file, [...(isFile ? [program] : []), ...rest, ...args], {
    cwd: join(repository, step.in ?? '.'),
    stdio: ['ignore', stdio, stdio],
    env: wholeEnvironment({
      // Programs that are scripts ask for `node`: the Node of this project, not the machine's.
      PATH: `${bin}:${pick(['PATH'])['PATH'] ?? ''}`,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      ...nodeCache,
      ...step.env,
    }),
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => child.kill(signal));
  process.once('disconnect', () => child.kill('SIGTERM'));
  return new Promise((done) => {
    child.once('error', (error) => done({ code: 1, output: `${error.message}\n` }));
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}
