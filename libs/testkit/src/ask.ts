import { request } from 'node:http';
import type { Exchange } from './api-contract.js';
import type { SentRequest } from './generated-request.js';

/**
 * Sends any request, also one that a browser or `fetch` would refuse to, and takes down the answer.
 * Of an event stream, which has no end, it reads the beginning, and leaves.
 */
export function ask(origin: string, sent: SentRequest): Promise<Exchange> {
  const { method, url, headers, body } = sent;
  const { hostname: host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asking = request({ host, port, method, path: url, headers: { ...headers, ...length } });
    asking.on('error', reject);
    asking.on('response', (answer) => {
      let text = '';
      const status = answer.statusCode ?? 0;
      const told = (): void =>
        resolve({ method, url, status, headers: answer.headers, body: text });
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (!String(answer.headers['content-type']).startsWith('text/event-stream')) return;
        told();
        asking.destroy();
      });
      answer.on('end', told);
      answer.on('error', reject);
    });
    asking.end(body);
  });
}
