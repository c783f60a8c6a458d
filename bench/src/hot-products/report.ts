import { circumstances } from '../machine.js';
import { median, ratios, spread, type Spread } from '../statistics.js';
import { percent, table } from '../table.js';
import type { Ask, Drained } from './inventory.js';
import type { Protocol } from './protocol.js';
import { EXPONENT, type Shop } from './shops.js';

/** One backlog, divided and not, round by round. */
export interface Compared {
  readonly shop: Shop;
  readonly processes: number;
  readonly rounds: readonly Readonly<Record<Ask, Drained>>[];
}

export function hotProductsReport(
  compared: readonly Compared[],
  { lines, rounds }: Protocol,
  judged: number,
): string {
  return [
    circumstances(),
    `load      the inventory stage of enrichment, its store and changelog, 4 partitions;`,
    `          rounds of ${lines} requests a side: ${rounds}; wanted as Zipf(${EXPONENT}) says`,
    `verdict   ${judged} requests judged: each has its one StockReserved, and its pieces are held`,
    ...compared.flatMap((one) => ['', comparison(one)]),
  ].join('\n');
}

const NAMES = { home: '1 bucket', buckets: '8 buckets' } as const;

function comparison({ shop, processes, rounds }: Compared): string {
  const of = (ask: Ask, figure: (drained: Drained) => number): number[] =>
    rounds.map((round) => figure(round[ask]));
  const side = (ask: Ask): string[] => {
    const middle = (figure: (drained: Drained) => number): number => median(of(ask, figure));
    return [
      NAMES[ask],
      ...quartiles(spread(of(ask, ({ perSecond }) => perSecond)), 0),
      percent(middle(({ busiestPartition }) => busiestPartition)),
      percent(middle(({ busiestProcess }) => busiestProcess)),
      middle(({ cpuMicros }) => cpuMicros).toFixed(1),
      middle(({ brokerMicros }) => brokerMicros).toFixed(1),
      middle(processorsOf).toFixed(2),
    ];
  };
  const pairs = rounds.map(({ buckets, home }) => ({
    ours: buckets.perSecond,
    theirs: home.perSecond,
  }));
  const head = [
    ...['records/s', 'quartiles', 'busiest partition', 'busiest process', 'CPU µs/record'],
    ...['broker µs/record', 'processors busy'],
  ];
  return table(
    [`${shop.name}, ${processes} processes`, ...head],
    [side('home'), side('buckets'), ['ratio, round by round', ...quartiles(ratios(pairs), 2)]],
  );
}

/** How many of the machine's were at work, of the stage and the broker together. */
function processorsOf({ cpuMicros, brokerMicros, perSecond }: Drained): number {
  return ((cpuMicros + brokerMicros) * perSecond) / 1e6;
}

function quartiles({ lower, median, upper }: Spread, digits: number): string[] {
  return [median.toFixed(digits), `${lower.toFixed(digits)} - ${upper.toFixed(digits)}`];
}
