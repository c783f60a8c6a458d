import 'reflect-metadata';
import { ensureTopics, skip, type Decision, type InputRecord, type Log } from '@checkout/eos';
import { startSystem, type System, until } from '@checkout/testkit';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
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
  const parking = { 'max.message.bytes': String(2 * 1024 * 1024) };
  await ensureTopics({
    ...{ brokers: system.brokers, log: silent },
    topics: [
      { name: `${name}.in`, partitions: 2, settings: {} },
      { name: `${name}.in.${name}.dlq`, partitions: 1, settings: parking },
    ],
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await rm(runDir, { recursive: true });
}, 60_000);

const reads = (group: string) => ({
  ...{ group, topics: [`${name}.in`] },
  decode: ({ value }: InputRecord) => String(value),
});

@Controller()
class Reading {
  @ExactlyOnce(reads(name))
  read(text: string): Decision {
    return skip(text);
  }
}

@Controller()
class NamedAnew {
  @ExactlyOnce(reads(`anew.${randomUUID()}`))
  read(text: string): Decision {
    return skip(text);
  }
}

const apps: NestFastifyApplication[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function application(...controllers: Type[]) {
  @Module({ controllers })
  class OfControllers {}
  const options = { logger: false } as const;
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(OfControllers, adapter, options);
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
  const { app, strategy, failures } = await application(Reading);
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
  const first = await application(Reading);
  await first.app.startAllMicroservices();
  const second = await application(Reading);
  await expect(second.app.startAllMicroservices()).rejects.toThrow(name);
});

it('ends all stages when one of them cannot start', async () => {
  const half = await application(Reading, NamedAnew);
  await expect(half.app.startAllMicroservices()).rejects.toThrow('a drawn id');

  // Whoever went on would still have the names, and the place in the group.
  const whole = await application(Reading);
  await whole.app.startAllMicroservices();
  const ready = () => whole.strategy.runners[0]?.health().ready;
  await until({ what: 'another one is ready in its place', withinMs: 30_000 }, ready);
  expect([...half.failures, ...whole.failures]).toEqual([]);
});
