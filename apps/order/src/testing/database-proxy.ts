import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

type Loss = 'answer withheld' | 'connection cut';

/** A way to the database on which an answer can get lost after its statement has arrived. */
export async function databaseProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const losses = new Map<string, Loss>();

  /** The statement goes through; from then on nothing comes back on its connection. */
  function lossOf(sent: Buffer): Loss | undefined {
    const marker = [...losses.keys()].find((text) => sent.includes(text));
    if (marker === undefined) return undefined;
    const loss = losses.get(marker);
    losses.delete(marker);
    return loss;
  }

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let lost: Loss | undefined;
    client.on('data', (sent: Buffer) => {
      lost ??= lossOf(sent);
      upstream.write(sent);
    });
    upstream.on('data', (answer: Buffer) => {
      if (lost === undefined) client.write(answer);
      if (lost === 'connection cut') client.destroy();
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (sockets.delete(socket), other.destroy()));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const through = new URL(databaseUrl);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    /** Loses the answer to the next statement that holds the text. */
    lose: (marker: string, loss: Loss) => void losses.set(marker, loss),
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
