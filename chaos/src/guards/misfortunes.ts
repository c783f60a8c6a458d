/**
 * What befalls enrichment, each at an exact message between it and its broker.
 *
 * A misfortune places the orders that it strikes, heals what it has broken, and says what it did.
 * One whose moment did not come has shown nothing: it throws.
 */
import { until, type Asked, type Moment } from '@checkout/testkit';
import type { Customers } from './customers.js';
import type { ProxiedShop } from './proxied-shop.js';

export class Vacuous extends Error {
  override readonly name = 'VACUOUS';
}

export type Misfortune = (shop: ProxiedShop, customers: Customers) => Promise<string>;

/** The stage that each order meets first. */
const STAGE = /^enrichment\.split\.outbox\.order\.\d/;
/** Both answer to the stage that joins what is known of an order. */
const FRAUD = /^enrichment\.fraud\./;
const STOCK = /^enrichment\.inventory\./;
const WITHIN_MS = 20_000;
const ORDERS = 8;

const commit = (stage: Moment['stage'], of = STAGE): Moment => ({ request: 'EndTxn', stage, of });

/** Acts at the message, and tells which it was. */
async function at(
  { proxy }: ProxiedShop,
  moment: Moment,
  act: (what: Asked) => void | Promise<void> = () => undefined,
): Promise<string> {
  let met: Asked | undefined;
  await proxy.at(moment, WITHIN_MS, (what) => {
    met = what;
    return what && act(what);
  });
  if (met?.transactionalId !== undefined) return met.transactionalId;
  throw new Vacuous(`no ${moment.request} of ${moment.of?.source} was ${moment.stage}`);
}

/** The answer to the first such question does not come: the connection ends instead. */
async function losesAnswer(shop: ProxiedShop, question: Omit<Moment, 'stage'>): Promise<string> {
  const { proxy } = shop;
  const lost = Promise.withResolvers<void>();
  const id = await at(shop, { ...question, stage: 'asked' }, (what) => {
    proxy.fate = (answer) => {
      if (answer !== what) return undefined;
      proxy.fate = () => undefined;
      lost.resolve();
      return Promise.resolve('lost');
    };
  });
  await lost.promise;
  return id;
}

export const killedBehindItsCommit: Misfortune = async (shop, customers) => {
  const former = shop.enrichment;
  const killed = at(shop, commit('answered'), () => void shop.system.kill('enrichment'));
  const [id] = await Promise.all([killed, customers.order(ORDERS)]);
  await shop.back(former);
  return `killed when the answer to a commit of ${id} was on its way to it`;
};

export const commitUnanswered: Misfortune = async (shop, customers) => {
  const lost = losesAnswer(shop, { request: 'EndTxn', of: STAGE });
  const [id] = await Promise.all([lost, customers.order(ORDERS)]);
  return `the answer to a commit of ${id} was lost`;
};

/** Nobody knows whether its offset is part of it, so it is given up; others pass there later. */
function aborts(of: RegExp, orders: number): Misfortune {
  return async (shop, customers) => {
    const aborted = losesAnswer(shop, { request: 'TxnOffsetCommit', of }).then(async (id) => {
      let ends = 0;
      await at(shop, commit('answered', exactly(id)), () => void (ends = endsOf(shop, id)));
      return { id, ends };
    });
    const [{ id, ends }] = await Promise.all([aborted, customers.order(orders)]);
    const passed = { what: `a commit of ${id}`, withinMs: WITHIN_MS, everyMs: 5 };
    await customers.orderUntil(until(passed, () => endsOf(shop, id) > ends + 1));
    return `a Kafka transaction of ${id} was aborted, because its offset had no answer`;
  };
}

export const questionsAborted = aborts(STAGE, ORDERS);
/** One answer, so that nothing else can come between it and the same answer again. */
export const answerAborted = aborts(FRAUD, 1);

/** It stalls before its commit, and wakes up when its successor has done all. */
export const wokeUpLate: Misfortune = async (shop, customers) => {
  const former = shop.enrichment;
  const zombie = freezesBeforeItsCommit(shop);
  const [id] = await Promise.all([zombie.frozen, customers.order(ORDERS)]);
  const committed = at(shop, commit('answered', place(id)));
  const successor = shop.succeed();
  await committed;
  await zombie.commits();
  zombie.wakesUp();
  await customers.served();
  await shop.takenBack(former, successor);
  return `frozen before a commit of ${id}, which came when its successor had committed`;
};

/** Its commit is on the way while its successor takes its place. */
export const committedMeanwhile: Misfortune = async (shop, customers) => {
  const former = shop.enrichment;
  const zombie = freezesBeforeItsCommit(shop);
  const [id] = await Promise.all([zombie.frozen, customers.order(ORDERS)]);
  const taken = Promise.withResolvers<void>();
  const taking = at(
    shop,
    { request: 'InitProducerId', stage: 'asked', of: exactly(id) },
    () => taken.promise,
  );
  const successor = shop.succeed();
  await taking;
  await zombie.commits();
  taken.resolve();
  zombie.wakesUp();
  await customers.served();
  await shop.takenBack(former, successor);
  return `frozen before a commit of ${id}, which came while its successor took its place`;
};

/** Two answers about one order lie on one partition; the one that was written first ends last. */
export const abortsInterleaved: Misfortune = async (shop, customers) => {
  const former = shop.enrichment;
  const never = new Promise<void>(() => {});
  const written = at(shop, commit('asked', FRAUD), () => never);
  const sent = { request: 'Produce', stage: 'asked', of: STOCK } as const;
  const behind = at(shop, sent, () => ended(written));
  let reversed: Promise<unknown> = never;
  const killed = at(shop, commit('asked', STOCK), ({ transactionalId: second = '' }) => {
    reversed = reversedAborts(shop, { first: written, second });
    shop.system.kill('enrichment');
    return never;
  });
  const [first, , second] = await Promise.all([written, behind, killed, customers.order(1)]);
  await Promise.all([reversed, customers.order(ORDERS)]);
  await shop.back(former);
  return `killed with Kafka transactions of ${first} and ${second} open, aborted in reverse`;
};

/** Whoever comes next ends the second Kafka transaction before the first one. */
async function reversedAborts(
  shop: ProxiedShop,
  { first, second }: { readonly first: Promise<string>; readonly second: string },
): Promise<void> {
  const again = { request: 'AddPartitionsToTxn', stage: 'asked', of: exactly(second) } as const;
  const over = ended(at(shop, again));
  const taking = { request: 'InitProducerId', stage: 'asked', of: exactly(await first) } as const;
  await at(shop, taking, () => over);
  await over;
}

/** Its process is frozen, and the commit that it has asked for is on its way. */
function freezesBeforeItsCommit(shop: ProxiedShop) {
  const { proxy, system } = shop;
  const kept = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const frozen = at(shop, commit('asked'), (what) => {
    system.kill('enrichment', 'SIGSTOP');
    proxy.fate = (answer) => {
      if (answer === what) answered.resolve();
      return undefined;
    };
    return kept.promise;
  });
  return {
    frozen,
    commits: (): Promise<void> => {
      kept.resolve();
      return answered.promise;
    },
    wakesUp: (): void => void system.kill('enrichment', 'SIGCONT'),
  };
}

/** However: a message that waits for it goes on. */
const ended = (one: Promise<unknown>): Promise<void> =>
  one.then(
    () => undefined,
    () => undefined,
  );
const exactly = (id: string): RegExp => new RegExp(`^${id.replaceAll('.', '\\.')}$`);
/** Whoever has it: group, topic and partition. */
const place = (id: string): RegExp => new RegExp(STAGE.exec(id)?.[0] ?? '');
const endsOf = ({ proxy }: ProxiedShop, id: string): number => proxy.commits.get(id) ?? 0;
