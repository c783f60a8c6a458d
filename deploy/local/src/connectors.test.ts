/**
 * What makes change data capture exactly-once is four settings, and a system without them looks
 * the same until a worker dies at a bad moment; even then the inbox hides it. They are held here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localFolder, repository } from './environment.ts';

type Config = Record<string, string>;

const folder = join(repository, 'deploy', 'connectors');
const connectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Config);
const worker = readFileSync(join(localFolder, 'config', 'connect.properties'), 'utf8').split('\n');

it('a source refuses to run unless records and position are one Kafka transaction', () => {
  const sources = connectors.filter((config) => config['plugin.name'] === 'pgoutput');
  expect(sources).toHaveLength(2);
  for (const source of sources) {
    expect(source).toMatchObject({
      'exactly.once.support': 'required',
      'transaction.boundary': 'poll',
    });
  }
  expect(worker).toContain('exactly.once.source.support=enabled');
});

it('a sink reads what is committed, and writes it by its key', () => {
  const sinks = connectors.filter((config) => config['topics'] !== undefined);
  expect(sinks).toHaveLength(1);
  for (const sink of sinks) {
    expect(sink).toMatchObject({
      'consumer.override.isolation.level': 'read_committed',
      'insert.mode': 'upsert',
      'primary.key.mode': 'record_key',
    });
  }
});

it('the versions that run are those that the pages name', () => {
  const pom = readFileSync(join(localFolder, 'jars', 'pom.xml'), 'utf8');
  const pages = ['README.md', 'docs/decisions/0006-broker-pin.md'].map((page) =>
    readFileSync(join(repository, page), 'utf8'),
  );
  const version = (of: string): string =>
    new RegExp(`<${of}\\.version>(.+?)(?:\\.Final)?<`).exec(pom)?.[1] ?? `no ${of}`;

  for (const page of pages) {
    expect(page).toContain(version('kafka'));
    expect(page).toContain(version('debezium.postgres'));
    expect(page).toContain(version('debezium.jdbc'));
  }
  // Two versions of one thing have their reason beside them.
  const apart = version('debezium.postgres') !== version('debezium.jdbc');
  expect(pom.includes(`JDBC sink is at ${version('debezium.jdbc')}, the newest`)).toBe(apart);
});
