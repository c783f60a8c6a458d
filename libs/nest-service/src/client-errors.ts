import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problems } from '@checkout/api';
import { Problem } from './problem.js';

/**
 * What is no request at all never reaches a route: broken HTTP, headers without end, a body that
 * does not arrive. It is answered on the socket, in the same words as everything else.
 */
export function answerOnSocket(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswered(socket)) {
    socket.destroy();
    return;
  }
  endWith(new Problem(kindOf(error.code)), socket);
}

/** Says it as everything else is said, and nothing more on this connection. */
export function endWith(problem: Problem, socket: Duplex): void {
  const status = problem.getStatus();
  const body = JSON.stringify(problem.getResponse());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function kindOf(code: string | undefined) {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problems.requestTimeout;
  if (code === 'HPE_HEADER_OVERFLOW') return problems.headersTooLarge;
  return problems.malformedRequest;
}

/** Part of an answer is on its way: a second one would be read as its content. */
function isAnswered(socket: Socket & { _httpMessage?: { headersSent: boolean } }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}
