import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A client program as it should be: it makes the idempotency key, keeps it, and repeats the same
 * bytes until the answer is definite. What it calls an order the server has promised to carry out;
 * what it calls a refusal was never one.
 */
export interface Session {
  readonly token: string;
  readonly customerId: string;
}

export interface OrderWish {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
}

export interface PlaceOptions {
  readonly key?: string;
  /**
   * Gives up then, with an error that says so: an order whose fate is unknown is not counted as
   * anything.
   */
  readonly withinMs?: number;
}

export interface Placed {
  readonly id: string;
  readonly sendings: number;
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: { readonly amount: string; readonly currency: string };
  readonly available: number;
}

const ANSWER_TIMEOUT_MS = 5_000;
const PLACED_WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Everything else below 500 is a refusal. */
const ASK_AGAIN = [408, 409, 425, 429];

export class ShopClient {
  constructor(private readonly url: string) {}

  async openSession(customerId: string = randomUUID()): Promise<Session> {
    const { body } = await this.definite('opening a session', PLACED_WITHIN_MS, () =>
      this.call('POST', '/api/session', { body: JSON.stringify({ customerId }) }),
    );
    return JSON.parse(body) as Session;
  }

  async products(): Promise<readonly Product[]> {
    const { body } = await this.call('GET', '/api/products');
    return (JSON.parse(body) as { data: readonly Product[] }).data;
  }

  async placeOrder(session: Session, wish: OrderWish, options: PlaceOptions = {}): Promise<Placed> {
    const key = options.key ?? randomUUID();
    const body = JSON.stringify(wish);
    let sendings = 0;
    const send = (): Promise<Answer> => {
      sendings++;
      return this.call('POST', '/api/orders', { body, session, key });
    };
    const answer = await this.definite(key, options.withinMs ?? PLACED_WITHIN_MS, send);
    if (answer.status !== 201) {
      throw new Error(`order ${key} was refused with ${answer.status}: ${answer.body}`);
    }
    return { id: (JSON.parse(answer.body) as { id: string }).id, sendings };
  }

  /** One request and its answer, whatever it is; throws when there is none. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, session, key } = options;
    const response = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(session ? { authorization: `Bearer ${session.token}` } : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text };
  }

  private async definite(
    what: string,
    withinMs: number,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const deadline = performance.now() + withinMs;
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const answer = await send().catch((error: unknown) => error as Error);
      const unanswered = answer instanceof Error || answer.status >= 500;
      if (!unanswered && !ASK_AGAIN.includes(answer.status)) return answer;
      if (performance.now() > deadline) {
        const last =
          answer instanceof Error ? answer : new Error(`${answer.status} ${answer.body}`);
        throw new Error(`${what}: no definite answer within ${withinMs} ms`, { cause: last });
      }
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}

export interface CallOptions {
  readonly body?: string;
  readonly session?: Session;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}
