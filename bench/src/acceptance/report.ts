import { circumstances } from '../machine.js';
import { percentile, ratios, type Spread } from '../statistics.js';
import { ms, table } from '../table.js';
import type { Side } from './side.js';

/** Orders a second over HTTP for each that is inserted: what must hold, and what is aimed at. */
const BAR = 0.6;
const AIM = 1;

export interface Comparison {
  readonly ours: Side;
  readonly theirs: Side;
  /** How many orders each has made, which all match. */
  readonly orders: readonly [number, number];
  /** Of the open bursts. */
  readonly perSecond: number;
  readonly options: {
    readonly pairs: number;
    readonly seconds: number;
    readonly concurrency: number;
    readonly customers: number;
  };
}

export function acceptanceReport(comparison: Comparison): string {
  const { ours, theirs, orders, perSecond, options } = comparison;
  const { pairs, seconds, concurrency, customers } = options;
  const [http, inserted] = orders;
  return [
    circumstances(),
    `load      ${concurrency} at a time from ${customers} customers, one line an order;`,
    `          ${pairs} pairs of ${seconds} s, the sides in turn`,
    `peer      one prepared statement an order with pg (node-postgres), ${concurrency} connections`,
    `verdict   ${http} accepted = stored = told over HTTP, ${inserted} inserted; all match`,
    '',
    speeds(ours, theirs),
    '',
    costs(ours, theirs),
    '',
    waits(ours, theirs, perSecond),
  ].join('\n');
}

function speeds(ours: Side, theirs: Side): string {
  const pairs = ours.perSecond.map((speed, n) => ({
    ours: speed,
    theirs: theirs.perSecond[n] ?? Number.NaN,
  }));
  const ratio = ratios(pairs);
  const verdict = ratio.median >= BAR ? 'holds' : 'is missed';
  return [
    table(
      ['orders a second, closed loop', 'median', 'quartiles'],
      [
        row(`${ours.name}, answered 201`, ours.speed(), 0),
        row(theirs.name, theirs.speed(), 0),
        row('ratio, pair by pair', ratio, 2),
      ],
    ),
    `The bar of ${BAR.toFixed(1)} ${verdict}; the aim is ${AIM.toFixed(1)}.`,
  ].join('\n');
}

function row(title: string, { lower, median, upper }: Spread, digits: number): string[] {
  return [title, median.toFixed(digits), `${lower.toFixed(digits)} - ${upper.toFixed(digits)}`];
}

function costs(ours: Side, theirs: Side): string {
  if (process.platform !== 'linux') return 'processor time by process needs Linux';
  const columns = ['order', 'postgres', 'client'];
  const line = (side: Side): string[] => {
    const cost = side.microsecondsPerOrder();
    const known = columns.map((part) => cost[part] ?? 0);
    const server = (cost['order'] ?? 0) + (cost['postgres'] ?? 0);
    return [side.name, ...[...known, server].map((us) => us.toFixed(0))];
  };
  return table(
    ['processor time an order, µs', ...columns, 'order + postgres'],
    [line(ours), line(theirs)],
  );
}

/** Who waits longer than that at the end of a burst stands in a queue that only grows. */
const HELD_WITHIN_MS = 1_000;

function waits(ours: Side, theirs: Side, perSecond: number): string {
  const line = ({ name, latenciesMs }: Side): string[] =>
    Math.max(...latenciesMs) > HELD_WITHIN_MS
      ? [name, 'not sustained', 'not sustained']
      : [name, ms(percentile(latenciesMs, 50)), ms(percentile(latenciesMs, 99))];
  return table(
    [`order due → committed and answered, ${perSecond} orders/s, open loop`, 'p50', 'p99'],
    [line(ours), line(theirs)],
  );
}
