import type { Operation } from '../frozen-request.js';
import type { Gateway } from '../gateway/stripe-gateway.js';

/** The real gateway, sent to in another way. */
export function sendingThrough(real: Gateway, send: Gateway['send']): Gateway {
  return {
    send,
    look: (intentId) => real.look(intentId),
    listByOrder: (orderId, created) => real.listByOrder(orderId, created),
    listRefunds: (intentId) => real.listRefunds(intentId),
    close: () => real.close(),
  };
}

/** A worker that dies before its call, or when the gateway has answered and nobody knows yet. */
export function dying(moment: 'before' | 'after', operation: Operation, real: Gateway): Gateway {
  return sendingThrough(real, async (frozen, request) => {
    const dies = request.operation === operation;
    if (dies && moment === 'before') throw new Error(deathOf(moment, operation));
    const answer = await real.send(frozen, request);
    if (dies) throw new Error(deathOf(moment, operation));
    return answer;
  });
}

export function deathOf(moment: 'before' | 'after', operation: Operation): string {
  return `died ${moment} the ${operation}`;
}
