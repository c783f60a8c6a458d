/** Against a broker that answers whatever it is asked with "well". */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { BrokerProxy } from './broker-proxy.ts';
import { until } from './testing/until.ts';

const END_TXN = 26;
const WITHIN_MS = 5_000;

async function proxied(): Promise<{ proxy: BrokerProxy; asked: string[] }> {
  const asked: string[] = [];
  const broker = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (frame) => {
      asked.push(frame.toString('utf8', 16));
      const answer = Buffer.alloc(14);
      answer.writeInt32BE(10);
      frame.copy(answer, 4, 8, 12);
      socket.write(answer);
    });
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  const proxy = await BrokerProxy.before(`127.0.0.1:${(broker.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    await proxy.close();
    broker.close();
  });
  return { proxy, asked };
}

/** Asks once for the end of its Kafka transaction, over a connection of its own. */
function ends(proxy: BrokerProxy, transactionalId: string): Socket {
  const [host, port] = proxy.address.split(':');
  const socket = connect(Number(port), host);
  const frame = Buffer.alloc(16 + transactionalId.length);
  frame.writeInt32BE(frame.length - 4);
  frame.writeInt16BE(END_TXN, 4);
  frame.writeInt16BE(transactionalId.length, 14);
  frame.write(transactionalId, 16);
  socket.write(frame);
  return socket;
}

it('keeps the message of one transactional id, and of nobody else', async () => {
  const { proxy, asked } = await proxied();
  const kept = Promise.withResolvers<void>();
  const moment = { request: 'EndTxn', stage: 'asked', of: /^b$/ } as const;
  const met = proxy.at(moment, WITHIN_MS, () => kept.promise);

  await once(ends(proxy, 'a'), 'data');
  const late = ends(proxy, 'b');
  expect(await met).toBe(true);
  await once(ends(proxy, 'c'), 'data');
  expect(asked).toEqual(['a', 'c']);

  kept.resolve();
  await once(late, 'data');
  expect(asked).toEqual(['a', 'c', 'b']);
  await until(() => proxy.commits.size === 3, WITHIN_MS);
});

it('says that no such message has come, and acts all the same', async () => {
  const { proxy } = await proxied();
  const acts: unknown[] = [];
  const moment = { request: 'EndTxn', stage: 'answered', of: /^b$/ } as const;
  const met = proxy.at(moment, 100, (what) => void acts.push(what));
  await once(ends(proxy, 'a'), 'data');
  expect(await met).toBe(false);
  expect(acts).toEqual([undefined]);
});
