import type { Readiness } from '@checkout/api';
import type { Health, Runner } from '@checkout/eos';
import { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { App, Fastify } from './application.js';

/**
 * Live: the process answers. Ready: it can do its work, that is, its database answers and each of
 * its runners owns what it should. A supervisor restarts what is not live; it only waits for what
 * is not ready.
 */
export interface HealthOptions {
  readonly app: App;
  readonly runners: readonly Runner[];
  readonly readiness?: ((app: App) => Promise<Readiness>) | undefined;
}

const DATABASE_ANSWER_MS = 1_000;

export function healthRoutes(fastify: Fastify, options: () => HealthOptions | null): void {
  fastify.get('/health/live', async () => ({ live: true }));
  fastify.get('/health/ready', async (_request, reply) => {
    const current = options();
    const health = current ? await healthOf(current) : { ready: false, detail: 'starting' };
    return reply.status(health.ready ? 200 : 503).send(health);
  });
}

async function healthOf(options: HealthOptions): Promise<Readiness> {
  const more = await options.readiness?.(options.app);
  const checks = [
    await databaseHealth(options.app),
    ...options.runners.map((runner) => runner.health()),
    ...(more ? [more] : []),
  ];
  const missing = checks.filter((check) => !check.ready);
  const detail = missing.map((check) => check.detail).join('; ') || 'ready';
  const services = more?.services ? { services: more.services } : {};
  return { ready: missing.length === 0, detail, ...services };
}

async function databaseHealth(app: App): Promise<Health> {
  const dataSource = dataSourceOf(app);
  if (!dataSource) return { ready: true, detail: 'no database' };
  try {
    await withinMs(DATABASE_ANSWER_MS, dataSource.query('SELECT 1'));
    return { ready: true, detail: 'database answers' };
  } catch (error) {
    return { ready: false, detail: `database: ${(error as Error).message}` };
  }
}

function dataSourceOf(app: App): DataSource | null {
  try {
    // Not app.get(): a miss there is logged as an error, and a service may well have no database.
    return app.get(ModuleRef).get(DataSource, { strict: false });
  } catch {
    return null;
  }
}

function withinMs<T>(limitMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
