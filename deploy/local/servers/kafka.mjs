/**
 * One question to a Kafka broker: which brokers are in your cluster?
 *
 * It is a client's first question, and the answer is where the client goes on to: a broker that is
 * reached at one address and names another one, which cannot be reached, is of no use. The project
 * has a Kafka client, as a package; this runs before any is installed.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { reasonOf, Unfit } from './unfit.mjs';

const METADATA = 3;
/** The first in which one can ask for no topic; every broker since 0.10 understands it. */
const VERSION = 1;
const CLIENT = 'checkout';
/** A number of ours, which the answer repeats. */
const CORRELATION = 4_711;
/** An answer names brokers and no topics: what is longer is something else. */
const LONGEST_ANSWER = 1_000_000;
const NO_BROKER = 'takes the connection and does not answer as a broker does';

/** `host:port`; undefined when it is not. */
export function addressIn(text) {
  const [, host, digits] = /^([\w.-]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return port > 0 && port < 65_536 ? { host, port } : undefined;
}

/** One that answers is enough for a client, which learns of the others from it. */
export async function askKafka(text, withinMs) {
  const signal = AbortSignal.timeout(withinMs);
  const asked = await Promise.all(text.split(',').map((one) => askBroker(one, signal)));
  const first = asked.find(({ brokers }) => brokers);
  if (first === undefined) {
    const whys = asked.map(({ broker, why }) => `${broker} ${why}`).join(', ');
    throw new Unfit(`${whys} (tried: which brokers are in the cluster?)`, 'start the broker');
  }
  const reached = await Promise.all(first.brokers.map((address) => reach(address, signal)));
  const away = reached.filter((one) => one !== undefined);
  if (away.length === 0) return `${first.broker} answers`;
  throw new Unfit(
    `${first.broker} sends its clients on to ${away.join(', ')}`,
    'set its advertised.listeners to an address that can be reached from here',
  );
}

async function askBroker(broker, signal) {
  const socket = connect({ ...addressIn(broker), signal });
  try {
    socket.write(request());
    return { broker, brokers: brokersIn(await answerOf(socket)) };
  } catch (error) {
    return { broker, why: error instanceof RangeError ? NO_BROKER : reasonOf(error) };
  } finally {
    socket.destroy();
  }
}

/** Undefined when it takes a connection, else its name and why it does not. */
async function reach(address, signal) {
  const socket = connect({ ...address, signal });
  try {
    await once(socket, 'connect');
    return undefined;
  } catch (error) {
    return `${address.host}:${address.port}, which ${reasonOf(error)}`;
  } finally {
    socket.destroy();
  }
}

function request() {
  const client = Buffer.from(CLIENT);
  const bytes = Buffer.alloc(18 + client.length);
  bytes.writeInt32BE(bytes.length - 4, 0);
  bytes.writeInt16BE(METADATA, 4);
  bytes.writeInt16BE(VERSION, 6);
  bytes.writeInt32BE(CORRELATION, 8);
  bytes.writeInt16BE(client.length, 12);
  client.copy(bytes, 14);
  // The last four are the number of topics that are asked for: none.
  return bytes;
}

/** The bytes after the length that stands first. */
async function answerOf(socket) {
  let bytes = Buffer.alloc(0);
  for await (const more of socket) {
    bytes = Buffer.concat([bytes, more]);
    if (bytes.length < 4) continue;
    const length = bytes.readInt32BE(0);
    if (length < 0 || length > LONGEST_ANSWER) break;
    if (bytes.length >= 4 + length) return bytes.subarray(4);
  }
  throw new RangeError('no whole answer');
}

/** Reading past the end is a RangeError, too. */
function brokersIn(bytes) {
  let at = 0;
  const int32 = () => bytes.readInt32BE((at += 4) - 4);
  const text = () => {
    const length = bytes.readInt16BE((at += 2) - 2);
    // Null has the length -1.
    return bytes.toString('utf8', at, (at += Math.max(length, 0)));
  };
  const broker = () => {
    int32(); // its id
    const address = { host: text(), port: int32() };
    text(); // its rack
    return address;
  };
  if (int32() !== CORRELATION) throw new RangeError('an answer to another question');
  return Array.from({ length: int32() }, broker);
}
