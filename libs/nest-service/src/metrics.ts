import type { Runner, TransactionFigures } from '@checkout/eos';
import type { Fastify } from './application.js';

/**
 * Figures of the service's Kafka transactions, in the text format that Prometheus reads: how they
 * ended, which are open and for how long, and how many records one holds. Of services that have
 * runners, on their own ports: the public door forwards none of it, and has no runner itself.
 */
export function metricsRoute(fastify: Fastify, runners: () => readonly Runner[]): void {
  fastify.get('/metrics', async (_request, reply) => {
    const figures = runners().flatMap((runner) => runner.figures?.() ?? []);
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(textOf(figures));
  });
}

function textOf(all: readonly TransactionFigures[]): string {
  const ended = all.flatMap(({ group, ended }) =>
    Object.entries(ended).map(([outcome, count]) => sample({ group, outcome }, count)),
  );
  const open = all.map(({ group, open }) => sample({ group }, open));
  const oldest = all.map(({ group, oldestOpenMs }) => sample({ group }, oldestOpenMs / 1_000));
  const records = all.flatMap(({ group, records, ended }) => [
    `_sum${sample({ group }, records)}`,
    `_count${sample({ group }, ended.committed)}`,
  ]);
  return [
    family('kafka_transactions_total counter', 'Kafka transactions by how they ended.', ended),
    family('kafka_transactions_open gauge', 'Kafka transactions that have not ended yet.', open),
    family('kafka_transaction_oldest_open_seconds gauge', 'Age of the oldest of them.', oldest),
    family('kafka_transaction_records summary', 'Records read in committed ones.', records),
  ].join('');
}

function family(nameAndType: string, help: string, samples: readonly string[]): string {
  const [name = ''] = nameAndType.split(' ');
  const head = [`# HELP ${name} ${help}`, `# TYPE ${nameAndType}`];
  return [...head, ...samples.map((one) => `${name}${one}`), ''].join('\n');
}

/** Of what a group's name can hold, JSON escapes what Prometheus wants escaped. */
function sample(labels: Readonly<Record<string, string>>, value: number): string {
  const named = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `{${named.join(',')}} ${value}`;
}
