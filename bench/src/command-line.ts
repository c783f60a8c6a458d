import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- start [--runs 3]
npm run bench -- latency [--rates 1,10,50 | --rate 10] [--seconds 60] [--customers 1000]
npm run bench -- acceptance [--pairs 8] [--seconds 4] [--concurrency 32] [--customers 1000]
npm run bench -- engine [--rounds 8] [--quick]
npm run bench -- commit-interval [--rates 100,1000,5000] [--seconds 15] [--rounds 3]
npm run bench -- hot-products [--rounds 5] [--quick]`;

/** A person who tries it, a shop, and a shop on a good day. */
const RATES = '1,10,50';

/** What is behind `npm run bench --`; numbers are read, and refused, when they are asked for. */
export function commandLine(args: readonly string[]) {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '3' },
      rate: { type: 'string' },
      rates: { type: 'string' },
      seconds: { type: 'string' },
      customers: { type: 'string', default: '1000' },
      pairs: { type: 'string', default: '8' },
      concurrency: { type: 'string', default: '32' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  return {
    command: positionals[0],
    /** Orders or records a second, one after the other. */
    rates: (otherwise = RATES): readonly number[] =>
      (values.rates ?? values.rate ?? otherwise).split(',').map((rate) => whole('rates', rate)),
    number: (name: NumberName, otherwise = ''): number => whole(name, values[name] ?? otherwise),
    /** Undefined when nothing is said. */
    given: (name: NumberName): number | undefined => {
      const text = values[name];
      return text === undefined ? undefined : whole(name, text);
    },
    isQuick: values.quick,
  };
}

type NumberName = 'runs' | 'seconds' | 'customers' | 'pairs' | 'concurrency' | 'rounds';

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${text}: expected a whole number above 0`);
}
