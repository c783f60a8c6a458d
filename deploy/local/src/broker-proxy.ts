/**
 * Stands between one process and the broker, message by message: it knows what the process has in
 * flight, can strike at a named message, and can hold an answer back or lose it.
 *
 * It tells the process its own address wherever the broker tells its own, so that nothing goes past
 * it. What has left a process arrives, even when the process was killed for it; of one that is
 * frozen it arrives when that wakes up, as if a network had kept it.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  asked,
  correlationOf,
  endpoint,
  FrameCutter,
  isWell,
  replaceAll,
  type Asked,
  type Request,
} from './kafka-frames.ts';

/** Neither side has it yet: the broker what is asked, the process what is answered. */
export interface Moment {
  readonly request: Request;
  readonly stage: 'asked' | 'answered';
  /** Of these transactional ids; of all, when absent. */
  readonly of?: RegExp;
}

/** The message that it was waits until this resolves, and what comes behind it. */
type Act = (what?: Asked) => void | Promise<void>;

interface Trap {
  readonly moment: Moment;
  spring(what: Asked): void | Promise<void>;
}

/** What becomes of an answer: passed on when this resolves, or never, and the connection ends. */
export type Fate = (answered: Asked) => Promise<'passed' | 'lost'> | undefined;

export class BrokerProxy {
  readonly address: string;
  /** Which transactional ids have sent outputs and have no answer yet to how that shall end. */
  readonly #inFlight = new Set<string>();
  readonly #commits = new Map<string, number>();
  #worked = false;
  readonly #traps = new Set<Trap>();
  readonly #sockets = new Set<Socket>();
  #held: PromiseWithResolvers<void> | null = null;
  readonly #server: Server;
  readonly #broker: { readonly host: string; readonly port: number };
  readonly #theirs: Buffer;
  readonly #ours: Buffer;
  /** Decides about answers; all are passed on otherwise. */
  fate: Fate = () => undefined;

  private constructor(server: Server, broker: string) {
    const [host = '', port = ''] = broker.split(':');
    this.#broker = { host, port: Number(port) };
    this.#server = server;
    const own = (server.address() as AddressInfo).port;
    this.address = `${host}:${own}`;
    this.#theirs = endpoint(host, Number(port));
    this.#ours = endpoint(host, own);
    server.on('connection', (socket) => this.#connected(socket));
  }

  static async before(broker: string): Promise<BrokerProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BrokerProxy(server, broker);
  }

  /** Between the first byte of a send and the answer to EndTxn. */
  isInFlight(): boolean {
    return this.#inFlight.size > 0;
  }

  /** Whether the process that it stands before has committed something. */
  get isAtWork(): boolean {
    return this.#worked;
  }

  /** Answered well, by transactional id. */
  get commits(): ReadonlyMap<string, number> {
    return this.#commits;
  }

  /** Acts at the next such message, or when none has come in time; whether it did. */
  at(moment: Moment, withinMs: number, act: Act): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (what?: Asked): void | Promise<void> => {
        clearTimeout(timer);
        this.#traps.delete(trap);
        const held = act(what);
        resolve(what !== undefined);
        return held;
      };
      const timer = setTimeout(() => void settle(), withinMs);
      const trap: Trap = { moment, spring: settle };
      this.#traps.add(trap);
    });
  }

  /** The process has ended: it has nothing in flight, and the next one has done nothing yet. */
  forget(): void {
    this.#worked = false;
    this.#inFlight.clear();
  }

  /** Requests that have come so far and come from here on wait for the release. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  async close(): Promise<void> {
    this.release();
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connected(client: Socket): void {
    const broker = connect(this.#broker);
    const open = new Map<number, Asked>();
    const [requests, answers] = [new FrameCutter(), new FrameCutter()];
    // One after the other: what is held back holds back what comes behind it.
    let asking = Promise.resolve();
    const passRequest = async (frame: Buffer): Promise<void> => {
      const what = asked(frame);
      open.set(what.correlation, what);
      await this.#noteAsked(what);
      await this.#held?.promise;
      broker.write(frame);
    };
    client.on('data', (bytes: Buffer) => {
      for (const frame of requests.cut(bytes)) asking = asking.then(() => passRequest(frame));
    });
    let answering = Promise.resolve();
    const passAnswer = async (frame: Buffer): Promise<void> => {
      const what = open.get(correlationOf(frame)) ?? { correlation: correlationOf(frame) };
      open.delete(what.correlation);
      replaceAll(frame, this.#theirs, this.#ours);
      if ((await this.fate(what)) === 'lost') {
        client.destroy();
        return;
      }
      await this.#noteAnswered(what, frame);
      client.write(frame);
    };
    broker.on('data', (bytes: Buffer) => {
      for (const frame of answers.cut(bytes)) answering = answering.then(() => passAnswer(frame));
    });
    this.#pair(client, broker);
  }

  #pair(client: Socket, broker: Socket): void {
    for (const [one, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroySoon();
      });
    }
  }

  #noteAsked(what: Asked): Promise<void> {
    const { request, transactionalId } = what;
    if (transactionalId !== undefined) {
      if (request === 'Produce') this.#inFlight.add(transactionalId);
      if (request === 'InitProducerId') this.#inFlight.delete(transactionalId);
    }
    return this.#spring(what, 'asked');
  }

  #noteAnswered(what: Asked, answer: Buffer): Promise<void> {
    const sprung = this.#spring(what, 'answered');
    const { request, transactionalId } = what;
    if (request !== 'EndTxn' || transactionalId === undefined) return sprung;
    this.#inFlight.delete(transactionalId);
    if (!isWell(answer)) return sprung;
    this.#worked = true;
    this.#commits.set(transactionalId, (this.#commits.get(transactionalId) ?? 0) + 1);
    return sprung;
  }

  async #spring(what: Asked, stage: Moment['stage']): Promise<void> {
    const sprung = [...this.#traps].filter(({ moment }) => {
      const isOf = moment.of?.test(what.transactionalId ?? '') ?? true;
      return moment.request === what.request && moment.stage === stage && isOf;
    });
    for (const kept of sprung.map(({ spring }) => spring(what))) await kept;
  }
}
