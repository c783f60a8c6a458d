/**
 * The connectors of deploy/connectors: put, running, and proved to carry records.
 *
 * A connector's file is what Connect is given, word for word; its name is the file's. The same
 * configuration is not put twice, because Connect would restart the tasks for it. RUNNING is
 * necessary and not sufficient: a source whose topic or partition is missing stays RUNNING and
 * delivers nothing, so a start also sends a canary through each outbox.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendCanary } from './canary.ts';
import { ConfigurationRefused, ConnectRest, type ConnectorConfig } from './connect-rest.ts';
import { watchConnectors } from './connector-watch.ts';
import { outboxes, urlOf } from './databases.ts';
import { repository } from './environment.ts';
import { watchOutboxes } from './outbox-watch.ts';
import type { Surroundings } from './part.ts';

/** A worker that rebalances answers again within seconds. */
const TAKEN_WITHIN_MS = 30_000;
/** Includes two restarts of a failed task. */
const RUNNING_WITHIN_MS = 60_000;
/** A killed Connect worker needs up to 17 s before records flow again. */
const CANARY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const OUR_SOURCE = 'checkout.connect.OutboxSource';
const DEBEZIUM_SOURCE = 'io.debezium.connector.postgresql.PostgresConnector';

export async function startConnectors(around: Surroundings): Promise<string> {
  const rest = new ConnectRest(around.addresses.connectUrl);
  const wanted = readConnectors();
  const classes = around.addresses.existing.connect ? await rest.connectorClasses() : [OUR_SOURCE];
  await Promise.all(
    wanted.map(([name, config]) => putIfChanged(rest, name, runnable(config, classes))),
  );
  watchConnectors(rest, around);
  watchOutboxes(rest, around);
  const milliseconds = await proveConnectors(around);
  return `${wanted.length} running, canary back after ${milliseconds} ms`;
}

/** Every task runs, and each outbox had its canary back: the milliseconds of the slower one. */
export async function proveConnectors({ addresses, signal }: Surroundings): Promise<number> {
  await untilRunning(new ConnectRest(addresses.connectUrl));
  const from = performance.now();
  await Promise.all(
    outboxes.map(({ database }) =>
      sendCanary(urlOf(addresses.databaseUrl, database), { withinMs: CANARY_WITHIN_MS, signal }),
    ),
  );
  return Math.round(performance.now() - from);
}

function readConnectors(): [name: string, config: ConnectorConfig][] {
  const folder = join(repository, 'deploy', 'connectors');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files
    .sort()
    .map((file) => [
      basename(file, '.json'),
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as ConnectorConfig,
    ]);
}

/** Somebody else's worker may have Debezium and not our class: it then costs more at rest. */
function runnable(config: ConnectorConfig, classes: readonly string[]): ConnectorConfig {
  const ours = config['connector.class'] === OUR_SOURCE;
  return ours && !classes.includes(OUR_SOURCE)
    ? { ...config, 'connector.class': DEBEZIUM_SOURCE }
    : config;
}

async function putIfChanged(
  rest: ConnectRest,
  name: string,
  config: ConnectorConfig,
): Promise<void> {
  const deadline = performance.now() + TAKEN_WITHIN_MS;
  for (;;) {
    const whyNot = await tryToPut(rest, name, config);
    if (whyNot === undefined) return;
    if (performance.now() > deadline) throw new Error(whyNot);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Undefined when Connect has it. A worker that is too busy to answer is asked again. */
async function tryToPut(
  rest: ConnectRest,
  name: string,
  config: ConnectorConfig,
): Promise<string | undefined> {
  try {
    const present = await rest.config(name);
    if (present && same(present, { ...config, name })) return undefined;
    return await rest.put(name, config);
  } catch (error) {
    if (error instanceof ConfigurationRefused) throw error;
    return `Connect does not answer: ${(error as Error).message}`;
  }
}

function same(one: ConnectorConfig, other: ConnectorConfig): boolean {
  const lines = (config: ConnectorConfig): string =>
    Object.entries(config)
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('\n');
  return lines(one) === lines(other);
}

async function untilRunning(rest: ConnectRest): Promise<void> {
  const names = readConnectors().map(([name]) => name);
  const deadline = performance.now() + RUNNING_WITHIN_MS;
  for (;;) {
    // Connect itself may be on its way back.
    const statuses = await rest.statuses().catch(() => []);
    const lacking = names.filter((name) => !statuses.some((s) => s.name === name && s.running));
    if (lacking.length === 0) return;
    if (performance.now() > deadline) {
      const why = statuses.map((s) => s.failure).find((failure) => failure !== undefined);
      throw new Error(`${lacking.join(', ')} not running: ${why ?? 'no task has failed'}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}
