import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

export interface TestService {
  readonly url: string;
  /** What it was asked, as `GET /path`. */
  readonly asked: string[];
  behave(behaviour: Behaviour): void;
  stop(): void;
}

/** An HTTP server in the place of a service, with the manners that a test gives it. */
export async function testService(behaviour: Behaviour): Promise<TestService> {
  const asked: string[] = [];
  let current = behaviour;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    void current(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    behave: (next) => (current = next),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const says =
  (status: number, body: unknown, type = 'application/json'): Behaviour =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(JSON.stringify(body));
  };

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
