import { parseArgs } from 'node:util';
import { acceptance } from './acceptance.js';
import { latency } from './latency.js';
import { start } from './start.js';

/** `npm run bench -- start`, `… -- latency --rates 1,10,50`, `… -- acceptance --pairs 8`. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    rate: { type: 'string', default: '10' },
    rates: { type: 'string' },
    seconds: { type: 'string' },
    customers: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '8' },
    concurrency: { type: 'string', default: '32' },
  },
});

const USAGE = `npm run bench -- start [--runs 3]
npm run bench -- latency [--rate 10 | --rates 1,10,50] [--seconds 60] [--customers 1000]
npm run bench -- acceptance [--pairs 8] [--seconds 4] [--concurrency 32] [--customers 1000]`;

function whole(name: keyof typeof values, otherwise = ''): number {
  return wholeNumber(name, values[name] ?? otherwise);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${text}: expected a whole number above 0`);
}

/** Ctrl-C ends the system that was started, too. */
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
const { signal } = interrupted;

try {
  switch (positionals[0]) {
    case 'start':
      await start({ runs: whole('runs') });
      break;
    case 'latency':
      await latency({
        signal,
        rates: (values.rates ?? values.rate).split(',').map((rate) => wholeNumber('rates', rate)),
        seconds: whole('seconds', '60'),
        customers: whole('customers'),
      });
      break;
    case 'acceptance':
      await acceptance({
        signal,
        pairs: whole('pairs'),
        seconds: whole('seconds', '4'),
        concurrency: whole('concurrency'),
        customers: whole('customers'),
      });
      break;
    default:
      console.error(USAGE);
      process.exitCode = 64;
  }
} catch (error) {
  const { message, cause } = error as Error;
  console.error(cause instanceof Error ? `${message}\n  because ${cause.message}` : message);
  process.exitCode = 1;
}
