/**
 * Servers that exist already: what DATABASE_URL, KAFKA_BROKERS and CONNECT_URL name, each asked
 * whether it is there, is what it is taken for, and does what the system needs of it.
 *
 * Each is asked in its own language, because an open port proves nothing: PostgreSQL for the role's
 * rights and the kind of its log, a broker for its cluster, Connect for its plugins and for
 * exactly-once sources. It takes 1.5 s at most, nothing is changed, no password is shown.
 *
 * Plain JavaScript for any Node from 18 on, because `npm start` and `npm run doctor` ask before
 * anything is installed; the parts that use the servers ask the same again when they come up.
 */
import { askConnect } from './servers/connect.mjs';
import { addressIn, askKafka } from './servers/kafka.mjs';
import { askPostgres } from './servers/postgres.mjs';
import { Unfit } from './servers/unfit.mjs';

/** A start has three seconds to say what is wrong; npm, Node and a busy machine take some. */
const ANSWERS_WITHIN_MS = 1_500;

const variables = {
  DATABASE_URL: {
    shape: 'postgres://user:password@host:5432/postgres',
    fits: (text) => isUrl(text, ['postgres:', 'postgresql:']),
    ask: askPostgres,
  },
  KAFKA_BROKERS: {
    shape: 'host:port[,host:port]',
    fits: (text) => text.split(',').every(addressIn),
    ask: askKafka,
  },
  CONNECT_URL: {
    shape: 'http://host:port',
    fits: (text) => isUrl(text, ['http:', 'https:']),
    ask: askConnect,
  },
};

/** One answer for each of the three variables that is set. */
export function checkServers(env) {
  const set = Object.keys(variables).filter((name) => env[name]);
  return Promise.all(set.map((name) => checkServer(name, env[name])));
}

/** Throws what `npm run doctor` says of it. */
export async function proveServer(name, text) {
  const { ok, found, mend } = await checkServer(name, text);
  if (!ok) throw new Error(`${name}: ${found}.  ->  ${mend}`);
}

async function checkServer(name, text) {
  const { shape, fits, ask } = variables[name];
  try {
    // What does not fit may hold a password in an unexpected place: it is not repeated.
    if (!fits(text)) throw new Unfit(`is not of the shape ${shape}`, 'set it so');
    return { name, ok: true, found: await ask(text, ANSWERS_WITHIN_MS) };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    const own = `or leave it out, and one is started: env -u ${name} npm start`;
    return { name, ok: false, found: error.message, mend: `${error.mend}; ${own}` };
  }
}

function isUrl(text, protocols) {
  try {
    const { protocol, hostname, username } = new URL(text);
    // fetch refuses an address that holds a password.
    const open = !protocol.startsWith('http') || username === '';
    return protocols.includes(protocol) && hostname !== '' && open;
  } catch {
    return false;
  }
}
