import type { Kafka } from 'kafkajs';
import { expect, it } from 'vitest';
import type { Outgoing } from './outgoing.js';
import { fence, type Session } from './session.js';
import { QUICK } from './testing/kit.js';

/** A client that notes what it is asked, and fails where the test says. */
function given(failing: { readonly [call: string]: Error[] } = {}) {
  const asked: string[] = [];
  const inFlight: string[] = [];
  let mostSends = 0;
  const answer = async (call: string): Promise<void> => {
    asked.push(call);
    inFlight.push(call);
    mostSends = Math.max(mostSends, inFlight.filter((one) => one === 'send').length);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight.splice(inFlight.indexOf(call), 1);
    const error = failing[call]?.shift();
    if (error) throw error;
  };
  const begun = {
    sendBatch: () => answer('send'),
    sendOffsets: () => answer('offset'),
    commit: () => answer('commit'),
    abort: () => answer('abort'),
  };
  const configured: object[] = [];
  const producer = {
    connect: () => answer('connect'),
    transaction: () => answer('begin').then(() => begun),
    disconnect: () => answer('disconnect'),
  };
  const kafka = { producer: (options: object) => (configured.push(options), producer) };
  const name = { group: 'ledger.book', topic: 'payments', partition: 3 };
  const session = (): Promise<Session> =>
    fence(kafka as unknown as Kafka, name, { settings: { ...QUICK, sendBytes: 1_000 } });
  return { session, asked, configured, mostSends: () => mostSends };
}

const outputs = (count: number): Outgoing[] =>
  Array.from({ length: count }, () => ({
    ...{ topic: 'out', partition: 0, key: null, headers: {} },
    value: Buffer.alloc(600),
  }));

const kafkaError = (type: string): Error => Object.assign(new Error(type), { type });

it('has an identity of group, topic and partition, and of nothing else', async () => {
  const replicas = [given(), given()];
  for (const { session } of replicas) await session();
  const ids = replicas.flatMap(({ configured }) => configured);
  const id = { transactionalId: 'ledger.book.payments.3', maxInFlightRequests: 2 };
  expect(ids).toMatchObject([id, id]);
});

it('sends one after the other, the offset meanwhile, and then commits', async () => {
  const { session, asked, mostSends } = given();
  const outcome = await (await session()).commit(outputs(3), 8n);
  expect(outcome).toEqual({ kind: 'committed' });
  expect(asked).toEqual(['connect', 'begin', 'send', 'offset', 'send', 'send', 'commit']);
  expect(mostSends()).toBe(1);
});

it('aborts only when nothing is on its way any more', async () => {
  const error = kafkaError('REQUEST_TIMED_OUT');
  const { session, asked } = given({ offset: [error] });
  expect(await (await session()).commit(outputs(3), 8n)).toEqual({ kind: 'aborted', error });
  expect(asked.slice(2)).toEqual(['send', 'offset', 'send', 'send', 'abort']);
});

it('knows that it is fenced when one of both says so', async () => {
  const error = kafkaError('INVALID_PRODUCER_EPOCH');
  const { session } = given({ send: [kafkaError('REQUEST_TIMED_OUT')], offset: [error] });
  expect(await (await session()).commit(outputs(1), 8n)).toEqual({ kind: 'fenced', error });
});

it('asks again for the offset while the last markers are being written', async () => {
  const busy = kafkaError('CONCURRENT_TRANSACTIONS');
  const { session, asked } = given({ offset: [busy, busy] });
  expect(await (await session()).commit([], 8n)).toEqual({ kind: 'committed' });
  expect(asked.filter((call) => call === 'offset')).toHaveLength(3);
});

it.each([
  ['send', 'REQUEST_TIMED_OUT', 'aborted'],
  ['offset', 'REQUEST_TIMED_OUT', 'aborted'],
  ['send', 'INVALID_PRODUCER_EPOCH', 'fenced'],
  ['offset', 'INVALID_TXN_STATE', 'fenced'],
])('aborts when %s fails with %s, and says %s', async (call, type, kind) => {
  const error = kafkaError(type);
  const { session, asked } = given({ [call]: [error] });
  expect(await (await session()).commit(outputs(1), 8n)).toEqual({ kind, error });
  expect(asked.at(-1)).toBe('abort');
  expect(asked).not.toContain('commit');
});

it.each([
  ['REQUEST_TIMED_OUT', 'unknown'],
  ['INVALID_PRODUCER_EPOCH', 'fenced'],
])('never aborts once the commit was sent: %s means %s', async (type, kind) => {
  const error = kafkaError(type);
  const { session, asked } = given({ commit: [error] });
  expect(await (await session()).commit(outputs(1), 8n)).toEqual({ kind, error });
  expect(asked).not.toContain('abort');
});

it('throws its producer away with the session, and when it gets no identity', async () => {
  const first = given();
  (await first.session()).close();
  expect(first.asked.at(-1)).toBe('disconnect');
  const second = given({ begin: [kafkaError('NOT_COORDINATOR_FOR_GROUP')] });
  await expect(second.session()).rejects.toThrow();
  expect(second.asked.at(-1)).toBe('disconnect');
});
