/**
 * What this machine must have, each as one question with the command that mends it.
 *
 * Plain JavaScript for any Node from 18 on, without any package: it runs before anything is
 * installed. `npm start` and `npm test` ask the same questions as `npm run doctor`, so they cannot
 * disagree. All answers together take well under three seconds: programs are looked up, only Java
 * is run, because its version matters.
 */
import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { byPlatform, howToGet } from './mending.mjs';
import { NODE_NEEDED } from './node.mjs';
import { checkServers } from './servers.mjs';

/** @typedef {{ name: string, ok: boolean, found: string, mend?: string }} Answer */

const GIB = 1024 ** 3;
/** The running system's 1.6 GB and room for the build beside it. */
const MEMORY_NEEDED = 2 * GIB;
/** Packages 0.9 GB, jars 0.2 GB, what is built. */
const DISK_NEEDED_BY_PROGRAMS = 1.25 * GIB;
/** Logs and the data of some ten thousand orders. */
const DISK_NEEDED_BY_DATA = 0.75 * GIB;
/** Where its user may go, whatever the clone is closed to. */
const PLACE_OF_POSTGRES = '/var/tmp';
const JAVA_NEEDED = 17;
/** Platforms for which Node 24 comes as a package. */
const NODE_PACKAGED = ['linux-x64', 'linux-arm64', 'win32-x64'];
const JAVA_ANSWERS_WITHIN_MS = 2_000;

/** The ports that a person knows by number, and the variable that changes each. */
export const knownPorts = [
  { part: 'console', variable: 'PORT', usual: 8080 },
  { part: 'gateway-simulator', variable: 'GATEWAY_PORT', usual: 12111 },
  { part: 'broker', variable: 'KAFKA_PORT', usual: 9092 },
];

/**
 * `ports` when they are to be opened, `servers` when those that exist already are used where the
 * environment names them.
 *
 * @param {import('./checks.mjs').Asked} asked @returns {Promise<Answer[]>}
 */
export async function checkMachine(asked = {}) {
  const { env = process.env, ports = false, servers = false, memory = availableMemory } = asked;
  const ownKafka = !(servers && env.KAFKA_BROKERS && env.CONNECT_URL);
  const existing = servers ? checkServers(env) : [];
  const machine = await Promise.all([
    node(),
    npm(env),
    ...(ownKafka ? [java(env), maven(env)] : []),
    enough('memory', memory(), { needed: MEMORY_NEEDED }),
    ...disks(asked),
    ...(ports ? askedPorts(env).map((port) => portIsFree(port, env)) : []),
  ]);
  return [...machine, ...(await existing)];
}

function node() {
  const running = Number(process.versions.node.split('.')[0]);
  const packaged = NODE_PACKAGED.includes(`${process.platform}-${process.arch}`);
  const ok = packaged || running >= NODE_NEEDED;
  const found = packaged
    ? `${process.versions.node}, and ${NODE_NEEDED} as a package`
    : process.versions.node;
  const mend = byPlatform({
    darwin: 'brew install node@24',
    other: 'nvm install 24 && nvm use 24',
  });
  return { name: 'Node', ok, found: ok ? found : `${found}; ${NODE_NEEDED} is needed here`, mend };
}

function npm(env) {
  const found = findProgram('npm', env);
  return {
    name: 'npm',
    ok: found !== undefined,
    found: found ?? 'not found',
    mend: howToGet('npm'),
  };
}

function maven(env) {
  const found = findProgram('mvn', env);
  const mend = howToGet('Maven');
  return { name: 'Maven', ok: found !== undefined, found: found ?? 'no mvn on the PATH', mend };
}

async function java(env) {
  const mend = env.JAVA_HOME
    ? 'JAVA_HOME names it: set it to the folder of a JDK, or unset it'
    : howToGet('Java');
  const program = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : findProgram('java', env);
  if (program === undefined) return { name: 'Java', ok: false, found: 'no java on the PATH', mend };
  const said = await output(program, ['-version']);
  const version = /version "(\d+)[^"]*"/.exec(said);
  const found = version ? version[0].slice(9, -1) : `${program} does not answer`;
  if (version === null || Number(version[1]) < JAVA_NEEDED) {
    return { name: 'Java', ok: false, found: `${found}; ${JAVA_NEEDED} or newer is needed`, mend };
  }
  if (!hasCompiler(program, env)) {
    return { name: 'Java', ok: false, found: `${found} without javac; a JDK is needed`, mend };
  }
  return { name: 'Java', ok: true, found, mend };
}

/** A JRE runs everything but the compiler that Maven asks for. */
function hasCompiler(java, env) {
  const javac = process.platform === 'win32' ? 'javac.exe' : 'javac';
  const beside = join(dirname(realpathSync(java)), javac);
  return existsSync(beside) || (!env.JAVA_HOME && findProgram('javac', env) !== undefined);
}

/**
 * The clone has the programs, RUN_DIR the data, and PostgreSQL's lies elsewhere when its user
 * cannot enter that (src/postgres-place.ts): one disk, or several with room for what each holds.
 */
function disks({ env = process.env, folder = process.cwd(), ...asked }) {
  const { disk = freeDisk, device = deviceOf, root = process.getuid?.() === 0 } = asked;
  const runDir = resolve(folder, env.RUN_DIR || '.run');
  // The folder itself is opened by the start.
  const outside = root && isClosed(existing(dirname(runDir)));
  const places = [runDir, ...(outside ? [PLACE_OF_POSTGRES] : [])].map(existing);
  const apart = places.filter((place) => device(place) !== device(folder));
  const together = apart.length < places.length;
  const needed = DISK_NEEDED_BY_PROGRAMS + (together ? DISK_NEEDED_BY_DATA : 0);
  return [
    enough('disk', disk(folder), { needed }),
    ...apart.map((place) => {
      const answer = enough('disk', disk(place), { needed: DISK_NEEDED_BY_DATA, folder: place });
      return { ...answer, name: 'data', mend: `name another RUN_DIR, or ${answer.mend}` };
    }),
  ];
}

/** Here or above, to a user who is neither the owner nor of the group. */
function isClosed(folder) {
  if ((statSync(folder).mode & 0o001) === 0) return true;
  return dirname(folder) !== folder && isClosed(dirname(folder));
}

function enough(name, bytes, { needed, folder }) {
  const ok = bytes >= needed;
  const free = `${(bytes / GIB).toFixed(1)} GB free${folder ? ` at ${folder}` : ''}`;
  const look = {
    memory: byPlatform({ win32: 'tasklist', other: 'ps aux | sort -rnk 4 | head' }),
    disk: byPlatform({ win32: 'dir', other: `du -xh ${folder ?? '.'} | sort -rh | head` }),
  };
  const mend = `make room; this shows what takes it: ${look[name]}`;
  return { name, ok, found: ok ? free : `${free}, ${needed / GIB} GB are needed`, mend };
}

/** Those that the system would open itself. */
function askedPorts(env) {
  return knownPorts
    .filter(({ part }) => part !== 'broker' || !env.KAFKA_BROKERS)
    .map((port) => ({ ...port, text: env[port.variable] || String(port.usual) }));
}

async function portIsFree({ variable, text, usual }, env) {
  const name = `port ${text}`;
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 65_535) {
    const found = `${variable}=${text} is no port`;
    return { name: variable, ok: false, found, mend: `${variable}=${usual} npm start` };
  }
  const twin = askedPorts(env).find((other) => other.text === text && other.variable !== variable);
  if (twin) {
    const found = `${variable} and ${twin.variable} are the same`;
    return { name, ok: false, found, mend: await another(variable, number, env) };
  }
  if (await isFree(number)) return { name, ok: true, found: 'free' };
  if (isOurs(number, env)) return { name, ok: true, found: 'held by this system' };
  const mend = await another(variable, number, env);
  return { name, ok: false, found: 'taken by another program', mend };
}

/**
 * By this system itself, or by what a killed runner left: `npm start` says the former and ends the
 * latter.
 */
function isOurs(port, env) {
  const file = join(resolve(env.RUN_DIR || '.run'), 'processes.json');
  if (!existsSync(file)) return false;
  return processesIn(file).some((known) => known.port === port && lives(known));
}

/** A file that was broken off in the middle says nothing. */
function processesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

/** Linux tells when a process was started: a number that was given to another one is seen. */
function lives({ pid, started }) {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] === started;
  } catch {
    return false;
  }
}

/** What is free may be meant for another part. */
async function another(variable, port, env) {
  const chosen = new Set(askedPorts(env).map(({ text }) => Number(text)));
  return `${variable}=${await nextFree(port, chosen)} npm start`;
}

export async function nextFree(port, chosen) {
  for (let next = port + 1; next < port + 100; next++) {
    if (!chosen.has(next) && (await isFree(next))) return next;
  }
  return port + 1;
}

/** A browser that is given `localhost` may try either family first. */
async function isFree(port) {
  return (await canBind(port, '127.0.0.1')) && (await canBind(port, '::1'));
}

function canBind(port, host) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', ({ code }) => done(code !== 'EADDRINUSE' && code !== 'EACCES'));
    server.listen(port, host, () => server.close(() => done(true)));
  });
}

function findProgram(name, env) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, `${name}${ending}`)))
    .find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function output(program, args) {
  return new Promise((done) =>
    execFile(program, args, { timeout: JAVA_ANSWERS_WITHIN_MS }, (_, out, err) =>
      done(`${out}${err}`),
    ),
  );
}

/**
 * Free memory as the kernel sees it, caches that it would give up counted as free; in a container
 * what is left of its own share, if that is less.
 */
function availableMemory() {
  const share = process.availableMemory?.() ?? freemem();
  if (process.platform !== 'linux') return share;
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  const machine = line ? Number(line[1]) * 1024 : share;
  return process.availableMemory ? Math.min(machine, share) : machine;
}

function freeDisk(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function deviceOf(folder) {
  return statSync(folder).dev;
}

/** The folder, or the nearest one above it that is there already. */
function existing(folder) {
  return existsSync(folder) ? folder : existing(dirname(folder));
}
