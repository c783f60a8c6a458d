import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Exchange } from './api-contract.js';
import type { SentRequest } from './generated-request.js';

/**
 * Sends any request, also one that a browser or `fetch` would refuse to, and takes down the answer.
 * Of an event stream, which has no end, it reads the beginning, and leaves. What comes zipped,
 * because the request allowed that, is read as what it says.
 */
export function ask(origin: string, sent: SentRequest): Promise<Exchange> {
  const { method, url, headers, body } = sent;
  const { hostname: host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asking = request({ host, port, method, path: url, headers: { ...headers, ...length } });
    asking.on('error', reject);
    asking.on('response', (answer) => {
      const chunks: Buffer[] = [];
      const status = answer.statusCode ?? 0;
      const told = (): void => {
        try {
          resolve({ method, url, status, headers: answer.headers, body: textOf(answer, chunks) });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
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

function textOf({ headers }: IncomingMessage, chunks: readonly Buffer[]): string {
  const bytes = Buffer.concat(chunks);
  const isZipped = headers['content-encoding'] === 'gzip';
  return (isZipped ? gunzipSync(bytes) : bytes).toString('utf8');
}
