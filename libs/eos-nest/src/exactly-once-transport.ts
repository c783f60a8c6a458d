import { type Runner, transactionalRunner, type TransactionalRunnerOptions } from '@checkout/eos';
import type { INestApplicationContext } from '@nestjs/common';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { EXACTLY_ONCE } from './exactly-once.js';
import { stagesIn } from './stages.js';

export type TransportOptions = Pick<
  TransactionalRunnerOptions<unknown>,
  'connection' | 'log' | 'onFatal'
>;

/**
 * Nest's side of the engine: each stage of the application is a transactional runner.
 *
 * Guarantee: the engine's, see transactional-runner.ts in libs/eos; nothing is added and nothing
 * taken away. Listening resolves when all stages run, and rejects when this installation cannot
 * keep the guarantee, and then none of them goes on; closing finishes or abandons what is in hand
 * within 5 s.
 * Failure story: Nest calls a handler through pipes and observables and turns its errors into
 * answers. A decision that became a promise would let the next record overtake it, and a poison
 * record would be an answer to nobody. So Nest finds and names the handlers, and the engine calls
 * them.
 * Not promised: request and answer; there is nobody to be answered.
 */
export class ExactlyOnceTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = EXACTLY_ONCE;
  /** One for each stage, for health and figures. They start when the application listens. */
  readonly runners: readonly Runner[];
  #closed: Promise<unknown> | undefined;

  constructor(app: INestApplicationContext, options: TransportOptions) {
    super();
    this.runners = stagesIn(app).map((stage) => transactionalRunner({ ...stage, ...options }));
  }

  async listen(listening: (error?: unknown) => void): Promise<void> {
    const started = await Promise.allSettled(this.runners.map((runner) => runner.start()));
    const failed = started.find((one) => one.status === 'rejected');
    if (!failed) return listening();
    try {
      await this.close();
    } finally {
      listening(failed.reason);
    }
  }

  async close(): Promise<void> {
    this.#closed ??= Promise.all(this.runners.map((runner) => runner.stop()));
    await this.#closed;
  }

  override on(): never {
    throw new Error('the engine has no events: ask the runners for health and figures');
  }

  override unwrap<T>(): T {
    return this.runners as T;
  }
}
