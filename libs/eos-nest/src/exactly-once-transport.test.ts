import 'reflect-metadata';
import { ensureTopics, skip, type Decision, type InputRecord, type Log } from '@checkout/eos';
import { startSystem, type System, until } from '@checkout/testkit';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ExactlyOnce } from './exactly-once.js';
import { ExactlyOnceTransport } from './exactly-once-transport.js';

vi.setConfig({ testTimeout: 60_000 });

const name = 'reading';
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
let runDir: string;
let system: System;

beforeAll(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'eos-nest-'));
  system = await startSystem({ only: ['broker'], runDir });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await rm(runDir, { recursive: true });
}, 60_000);

@Controller()
class Reading {
  @ExactlyOnce({
    group: name,
    topics: [`${name}.in`],
    decode: ({ value }: InputRecord) => String(value),
  })
  read(text: string): Decision {
    return skip(text);
  }
}

@Module({ controllers: [Reading] })
class ReadingModule {}

const apps: NestFastifyApplication[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function application() {
  const options = { logger: false } as const;
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(ReadingModule, adapter, options);
  apps.push(app);
  const failures: Error[] = [];
  const strategy = new ExactlyOnceTransport(app, {
    connection: { brokers: system.brokers, clientId: name, ordinal: 0 },
    log: silent,
    onFatal: (error) => failures.push(error),
  });
  app.connectMicroservice({ strategy });
  return { app, strategy, failures };
}

it('runs the stages when the application listens, and ends them when it closes', async () => {
  const topics = [`${name}.in`, `${name}.in.${name}.dlq`];
  await ensureTopics({
    ...{ brokers: system.brokers, log: silent },
    topics: topics.map((topic) => ({ name: topic, partitions: 2, settings: {} })),
  });
  const { app, strategy, failures } = await application();
  const [runner] = strategy.runners;
  expect([...strategy.getHandlers().keys()]).toEqual([name]);
  expect(runner?.health().ready).toBe(false);

  await app.startAllMicroservices();
  await until({ what: 'it is ready', withinMs: 30_000 }, () => runner?.health().ready);
  expect(runner?.health().detail).toBe(`${name}: 2 partitions`);

  await strategy.close();
  await app.close();
  expect(failures).toEqual([]);
});

it('does not listen when this installation cannot keep the guarantee', async () => {
  const first = await application();
  await first.app.startAllMicroservices();
  const second = await application();
  await expect(second.app.startAllMicroservices()).rejects.toThrow(name);
});
