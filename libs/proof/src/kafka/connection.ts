import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Reader, Writer } from './wire.js';

/** One request type of Kafka's protocol, in the one version that the judge speaks. */
export interface Api {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** Newer encodings have compact lengths and tagged fields, in the headers too. */
  readonly flexible: boolean;
}

const CLIENT_ID = 'judge';
/** A broker that has said nothing for so long is not going to. */
const ANSWER_WITHIN_MS = 15_000;
const CONNECTED_WITHIN_MS = 5_000;

interface Waiting {
  readonly api: Api;
  readonly correlation: number;
  resolve(answer: Reader): void;
  reject(error: Error): void;
}

/**
 * A TCP connection to one broker. Requests are answered in the order in which they were sent, which
 * is checked by their correlation ids.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #waiting: Waiting[] = [];
  #parts: Buffer[] = [];
  #held = 0;
  #sent = 0;

  private constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.#address = address;
    socket.setNoDelay(true);
    socket.setTimeout(ANSWER_WITHIN_MS, () => {
      if (this.#waiting.length > 0) {
        socket.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`));
      }
    });
    socket.on('data', (data) => this.#take(data));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection was closed')));
  }

  static async open(host: string, port: number): Promise<Connection> {
    const address = `${host}:${port}`;
    const socket = connect({ host, port });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECTED_WITHIN_MS) });
    } catch (error) {
      socket.destroy();
      throw new Error(`Kafka does not answer at ${address}`, { cause: error });
    }
    return new Connection(socket, address);
  }

  send(api: Api, body: Writer): Promise<Reader> {
    const correlation = this.#sent++;
    const header = new Writer().int16(api.key).int16(api.version).int32(correlation);
    header.string(CLIENT_ID);
    if (api.flexible) header.noTags();
    const request = Buffer.concat([header.bytes(), body.bytes()]);
    const length = new Writer().int32(request.length).bytes();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ api, correlation, resolve, reject });
      this.#socket.write(Buffer.concat([length, request]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Answers may be large: each is put together once, when its last byte is there. */
  #take(data: Buffer): void {
    this.#parts.push(data);
    this.#held += data.length;
    while (this.#held >= LENGTH_BYTES) {
      let first = this.#parts[0] ?? data;
      if (first.length < LENGTH_BYTES) first = this.#joined();
      const wanted = LENGTH_BYTES + first.readInt32BE(0);
      if (this.#held < wanted) return;
      const whole = this.#joined();
      this.#parts = [whole.subarray(wanted)];
      this.#held = whole.length - wanted;
      this.#answer(new Reader(whole.subarray(LENGTH_BYTES, wanted)));
    }
  }

  #joined(): Buffer {
    const whole = Buffer.concat(this.#parts);
    this.#parts = [whole];
    return whole;
  }

  #answer(reader: Reader): void {
    const waiting = this.#waiting.shift();
    const correlation = reader.int32();
    if (waiting?.correlation !== correlation) {
      const expected = waiting ? String(waiting.correlation) : 'none';
      this.#socket.destroy(new Error(`answer ${correlation} came where ${expected} was due`));
      return;
    }
    if (waiting.api.flexible) reader.passTags();
    waiting.resolve(reader);
  }

  #end(cause: Error): void {
    for (const { api, reject } of this.#waiting.splice(0)) {
      reject(new Error(`${api.name} to Kafka at ${this.#address}: ${cause.message}`, { cause }));
    }
  }
}

const LENGTH_BYTES = 4;
