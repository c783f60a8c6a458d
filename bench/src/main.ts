import { parseArgs } from 'node:util';
import { latency } from './latency.js';
import { start } from './start.js';

/** `npm run bench -- start` and `npm run bench -- latency --rate 10 --seconds 60`. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    rate: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '60' },
    customers: { type: 'string', default: '1000' },
  },
});

const USAGE = `npm run bench -- start [--runs 3]
npm run bench -- latency [--rate 10] [--seconds 60] [--customers 1000]`;

function whole(name: keyof typeof values): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${values[name]}: expected a whole number above 0`);
}

try {
  switch (positionals[0]) {
    case 'start':
      await start({ runs: whole('runs') });
      break;
    case 'latency':
      await latency({
        perSecond: whole('rate'),
        seconds: whole('seconds'),
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
