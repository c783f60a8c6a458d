/**
 * Where every npm command of the repository enters: `node deploy/local/bootstrap.mjs <command>`.
 *
 * Plain JavaScript for any Node from 18 on, with nothing installed: it looks at the machine, brings
 * node_modules to what the lockfile says, and goes on under the Node 24 that lies there. What is
 * missing or mistyped is said in one message each, with the command that mends it, before anything
 * is installed or started.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { faultsOfArguments } from './arguments.mjs';
import { checkMachine } from './checks.mjs';
import { onEnd } from './ending.mjs';
import { enrichmentIn } from './enrichments.mjs';
import { install } from './install.mjs';
import { projectsNode, root } from './node.mjs';

const [command = '', ...rest] = process.argv.slice(2);
const programs = {
  start: ['src/start.ts'],
  test: ['src/steps.ts', 'test'],
  check: ['src/steps.ts', 'check'],
  e2e: ['src/steps.ts', 'e2e'],
  bench: ['src/steps.ts', 'bench'],
  load: ['src/steps.ts', 'load'],
  chaos: ['src/steps.ts', 'chaos'],
  guards: ['src/steps.ts', 'guards'],
  soak: ['src/steps.ts', 'soak'],
  histories: ['src/steps.ts', 'histories'],
  conformance: ['src/steps.ts', 'conformance'],
  audit: ['src/audit.ts'],
  finding: ['src/steps.ts', 'finding'],
  openapi: ['src/steps.ts', 'openapi'],
};

/** Commands that run on servers that exist already, where the environment names them. */
const onExistingServers = ['start', 'audit', 'doctor'];
const WRONG_USE = 64;

process.exitCode = await obey();

async function obey() {
  const commands = [...Object.keys(programs), 'doctor'];
  if (!commands.includes(command)) {
    return refuse([`unknown command "${command}"; there are: ${commands.join(', ')}`]);
  }
  const faults = [...faultsOfArguments(command, rest), ...faultsOfEnrichment()];
  if (faults.length > 0) return refuse(faults, WRONG_USE);
  return command === 'doctor' ? doctor() : enter();
}

function faultsOfEnrichment() {
  try {
    enrichmentIn(process.env);
    return [];
  } catch (error) {
    return [error.message];
  }
}

function look() {
  const ports = command === 'start' || command === 'doctor';
  return checkMachine({ ports, servers: onExistingServers.includes(command), folder: root });
}

/** Everything in a table, whether well or not. */
async function doctor() {
  const answers = await look();
  for (const { name, ok, found, mend } of answers) {
    console.log(`${ok ? 'ok     ' : 'missing'}  ${name.padEnd(12)} ${found}`);
    if (!ok) console.log(`         ->  ${mend}`);
  }
  const faults = answers.filter(({ ok }) => !ok);
  console.log(
    faults.length === 0 ? 'This machine has everything: npm start' : `${faults.length} to mend`,
  );
  return faults.length === 0 ? 0 : 1;
}

async function enter() {
  const answers = await look();
  const faults = answers.filter(({ ok }) => !ok);
  if (faults.length > 0)
    return refuse(faults.map(({ name, found, mend }) => `${name}: ${found}.  ->  ${mend}`));
  try {
    await install(root, console.log);
  } catch (error) {
    return refuse([error.message]);
  }
  const [file, ...args] = programs[command];
  return goOn([join(root, 'deploy/local', file), ...args, ...rest]);
}

function refuse(messages, code = 1) {
  for (const message of messages) console.error(message);
  return code;
}

/**
 * The signals of a terminal reach the whole group, so this process only has to outlive the one that
 * it started; those that are sent to this process alone are handed on, and so is the end of npm,
 * which tells its shell and not us. Should this one be killed, the other sees the channel close.
 */
function goOn(args) {
  const child = spawn(projectsNode(), args, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const stopListening = onEnd((signal) => child.kill(signal));
  return new Promise((done) =>
    child.once('exit', (code, signal) => {
      stopListening();
      done(signal ? 1 : (code ?? 1));
    }),
  );
}
