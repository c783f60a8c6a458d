import { until } from '@checkout/testkit';
import { acceptApprovals } from '../accept-approval.handler.js';
import { chargeOrder, type World } from '../charge-order.js';
import { decideCancellations } from '../decide-cancellation.handler.js';
import type { Answer } from '../gateway/answer.js';
import type { Work } from '../payment.js';
import { BEING_WORKED } from '../payment-state.js';
import { sendingThrough } from './dying-gateway.js';
import { type Approval, approvalOf, cancelOf } from './given.js';
import type { Stage } from './stage.js';

/**
 * What happens to one order, and when. Its life is counted in moments: before and after each call
 * to the gateway, before and after each outcome is written down, whoever does it.
 */
export interface Troubles {
  readonly paymentMethod: string;
  /** The customer cancels at this moment, or after the end; `first`: before the approval. */
  readonly cancel: number | 'first' | 'never';
  /** The worker dies at these moments. */
  readonly deaths: readonly number[];
  /** Approval and cancel (if there was one) are delivered again, and the inbox is empty. */
  readonly repeats: readonly number[];
  /** Before this outcome is written down, a second worker takes the same step. */
  readonly twins: readonly number[];
  /** The n-th call is lost: on its way there, or on the way back. */
  readonly lost: Readonly<Record<number, 'there' | 'back'>>;
}

export const untroubled: Troubles = {
  paymentMethod: 'pm_card_visa',
  cancel: 'never',
  deaths: [],
  repeats: [],
  twins: [],
  lost: {},
};

export interface Lived {
  readonly approval: Approval;
  readonly troubles: Troubles;
  readonly moments: number;
  readonly deaths: number;
}

/** All of them at once, by one replica, each to its end. */
export async function live(stage: Stage, troubles: readonly Troubles[]): Promise<Lived[]> {
  const twin = stage.replica({ ordinal: 1 }).world;
  const lives = troubles.map((trouble) => new Life(stage, trouble, twin));
  const byOrder = new Map(lives.map((life) => [life.orderId, life]));
  const lifeOf = (orderId: string): Life => byOrder.get(orderId) ?? fail(orderId);

  const real = stage.gateway();
  const gateway = sendingThrough(real, (frozen, request) =>
    lifeOf(frozen.key.slice(0, UUID_LENGTH)).call(() => real.send(frozen, request)),
  );
  const replica = stage.replica({ gateway });
  const { store } = replica.world;
  const writeDown = store.writeDown.bind(store);
  store.writeDown = (work, ...lesson) =>
    lifeOf(work.payment.orderId).write(work, () => writeDown(work, ...lesson));

  for (const life of lives) await life.begin();
  await replica.worker.start();
  await drained(stage);
  for (const life of lives) await life.cancelAfterAll();
  replica.worker.wake();
  await drained(stage);
  await replica.worker.stop();
  await Promise.all(lives.map((life) => life.twinsAreDone()));
  return lives.map((life) => life.lived());
}

const UUID_LENGTH = 36;

async function drained(stage: Stage): Promise<void> {
  await until({ what: 'every payment is over', withinMs: 120_000, everyMs: 50 }, async () => {
    const sql = `SELECT FROM payments WHERE state IN ${BEING_WORKED} LIMIT 1`;
    return (await stage.dataSource.query<unknown[]>(sql)).length === 0;
  });
}

function fail(orderId: string): never {
  throw new Error(`nobody gave birth to ${orderId}`);
}

class Life {
  readonly #approval: Approval;
  readonly #twins: Promise<unknown>[] = [];
  #moments = 0;
  #calls = 0;
  #deaths = 0;
  #cancelled = false;

  constructor(
    private readonly stage: Stage,
    private readonly troubles: Troubles,
    private readonly twin: World,
  ) {
    this.#approval = approvalOf({ paymentMethod: troubles.paymentMethod });
  }

  get orderId(): string {
    return this.#approval.payload.orderId;
  }

  lived(): Lived {
    const { troubles } = this;
    const [moments, deaths] = [this.#moments, this.#deaths];
    return { approval: this.#approval, troubles, moments, deaths };
  }

  async begin(): Promise<void> {
    if (this.troubles.cancel === 'first') await this.#cancel();
    await this.stage.deliver([this.#approval]);
  }

  async cancelAfterAll(): Promise<void> {
    if (this.troubles.cancel !== 'never' && !this.#cancelled) await this.#cancel();
  }

  async twinsAreDone(): Promise<void> {
    await Promise.all(this.#twins);
  }

  async call(send: () => Promise<Answer>): Promise<Answer> {
    await this.#moment();
    const lost = this.troubles.lost[this.#calls++];
    const answer = lost === 'there' ? noAnswer : await send();
    await this.#moment();
    return lost === 'back' ? noAnswer : answer;
  }

  async write(work: Work, write: () => Promise<Work | null>): Promise<Work | null> {
    if (this.troubles.twins.includes(this.#moments)) {
      this.#twins.push(chargeOrder(work, this.twin));
    }
    await this.#moment();
    const next = await write();
    await this.#moment();
    return next;
  }

  async #moment(): Promise<void> {
    const now = this.#moments++;
    if (this.troubles.cancel === now) await this.#cancel();
    if (this.troubles.repeats.includes(now)) await this.#repeat();
    if (!this.troubles.deaths.includes(now)) return;
    this.#deaths++;
    throw new Error('died here');
  }

  async #cancel(): Promise<void> {
    this.#cancelled = true;
    await this.stage.cancel(this.#approval);
  }

  /** As after a loss of the inbox: the handlers themselves must know. */
  async #repeat(): Promise<void> {
    const { dataSource, clock } = this.stage;
    await dataSource.transaction((tx) => acceptApprovals(tx, [this.#approval], clock));
    if (!this.#cancelled) return;
    const cancel = cancelOf(this.#approval);
    await dataSource.transaction((tx) => decideCancellations(tx, [cancel, cancel], clock));
  }
}

const noAnswer: Answer = { kind: 'unclear', reason: 'lost on its way', stored: false };
