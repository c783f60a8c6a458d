import { type Readiness } from '@checkout/api';
import { z } from 'zod';
import type { Service } from './services.js';

const ANSWER_WITHIN_MS = 1_000;
const answered = z.object({ ready: z.boolean(), detail: z.string() });

/** Ready is the shop when all its services are; one that does not answer is not. */
export async function shopHealth(watched: readonly Service[]): Promise<Readiness> {
  const services = await Promise.all(
    watched.map(async ({ name, url }) => ({ name, ...(await readinessOf(url)) })),
  );
  const missing = services.filter(({ ready }) => !ready);
  const detail = missing.map(({ name, detail: why }) => `${name}: ${why}`).join('; ');
  return { ready: missing.length === 0, detail: detail || 'ready', services };
}

async function readinessOf(url: string): Promise<z.infer<typeof answered>> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await fetch(`${url}/health/ready`, { signal });
    return answered.parse(await answer.json());
  } catch {
    return { ready: false, detail: 'no answer' };
  }
}
