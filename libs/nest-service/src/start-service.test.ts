import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

/** As built: a service is a process, and its end is an exit code. */
const PROGRAM = built('./testing/service-process.ts');

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

interface Service {
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  url(): Promise<string>;
}

function built(source: string): string {
  const path = fileURLToPath(new URL(source, import.meta.url));
  return path.replace('/src/', '/dist/').replace(/ts$/, 'js');
}

function start(behaviour: string): Service {
  const started = spawn(process.execPath, [PROGRAM, behaviour], {
    env: { ...process.env, LOG_FORMAT: 'text' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  let output = '';
  started.stdout.on('data', (text: Buffer) => (output += text.toString()));
  return {
    output: () => output,
    ended: once(started, 'exit').then(([code]) => code as number | null),
    async url() {
      while (!/url=\S+ listening/.test(output)) await once(started.stdout, 'data');
      return /url=(\S+)/.exec(output)![1]!;
    },
  };
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s: the runners stop, exit code 0', async (signal) => {
  const service = start('works');
  await service.url();
  child?.kill(signal);
  expect(await service.ended).toBe(0);
  expect(service.output()).toMatch(/stopping[^]*the runner has stopped/);
});

test('a runner that does not stop is abandoned within 5 s', async () => {
  const service = start('never-stops');
  await service.url();
  const asked = performance.now();
  child?.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(5_000);
}, 10_000);

test.each([
  ['fails', 1, 'the broker refused the group'],
  ['fenced', 75, 'another process has our instance id'],
])('a runner that %s ends the process with %i and the cause', async (behaviour, code, cause) => {
  const service = start(behaviour);
  expect(await service.ended).toBe(code);
  expect(service.output()).toContain(cause);
});

test('live at once, ready when every runner is', async () => {
  const url = await start('waits').url();
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  const waiting = await fetch(`${url}/health/ready`);
  expect(waiting.status).toBe(503);
  expect(await waiting.json()).toEqual({ ready: false, detail: 'the runner owns nothing yet' });
  child?.kill('SIGKILL');

  const ready = await fetch(`${await start('works').url()}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ready: true, detail: 'ready' });
});

test('its Kafka transactions are told in figures, in the form that Prometheus reads', async () => {
  const answer = await fetch(`${await start('works').url()}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await answer.text()).toBe(
    [
      '# HELP kafka_transactions_total Kafka transactions by how they ended.',
      '# TYPE kafka_transactions_total counter',
      'kafka_transactions_total{group="example.work",outcome="committed"} 7',
      'kafka_transactions_total{group="example.work",outcome="aborted"} 2',
      'kafka_transactions_total{group="example.work",outcome="fenced"} 1',
      'kafka_transactions_total{group="example.work",outcome="unknown"} 0',
      '# HELP kafka_transactions_open Kafka transactions that have not ended yet.',
      '# TYPE kafka_transactions_open gauge',
      'kafka_transactions_open{group="example.work"} 1',
      '# HELP kafka_transaction_oldest_open_seconds Age of the oldest of them.',
      '# TYPE kafka_transaction_oldest_open_seconds gauge',
      'kafka_transaction_oldest_open_seconds{group="example.work"} 0.25',
      '# HELP kafka_transaction_records Records read in committed ones.',
      '# TYPE kafka_transaction_records summary',
      'kafka_transaction_records_sum{group="example.work"} 70',
      'kafka_transaction_records_count{group="example.work"} 7',
      '',
    ].join('\n'),
  );
});

test('without runners, as the public door is, it has no such figures', async () => {
  const url = await start('has-none').url();
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
});
