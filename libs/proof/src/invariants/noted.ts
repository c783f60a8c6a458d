import type { Evidence } from '../evidence/evidence.js';

const FAILED = ['FAILED', 'DECLINED'];

/**
 * Why what the gateway has done is noted as something that failed; undefined when it is not. Where
 * another attempt of the order is noted as the one that has done it, the payment knows.
 */
export function notedAsFailed({ payments }: Evidence) {
  const { attempts } = payments;
  const byKey = new Map(attempts.map((attempt) => [attempt.key, attempt]));
  const succeeded = attempts.filter(({ state }) => state === 'SUCCEEDED');
  const done = new Set(succeeded.map(({ orderId, operation }) => `${orderId} ${operation}`));
  return ({ id, key }: { readonly id: string; readonly key: string | null }) => {
    const maker = byKey.get(key ?? '');
    if (!maker || !FAILED.includes(maker.state)) return undefined;
    const { orderId, operation, attempt, state } = maker;
    if (done.has(`${orderId} ${operation}`)) return undefined;
    return `${id} was made by ${operation} attempt ${attempt}, which is noted as ${state}`;
  };
}
