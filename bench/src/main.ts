import { acceptance } from './acceptance.js';
import { commandLine, USAGE } from './command-line.js';
import { commitInterval } from './commit-interval.js';
import { engine } from './engine.js';
import { hotProducts } from './hot-products.js';
import { latency } from './latency.js';
import { start } from './start.js';

const { command, rates, number, given, isQuick } = commandLine(process.argv.slice(2));

/** Ctrl-C ends the system that was started, too. */
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
const { signal } = interrupted;

try {
  switch (command) {
    case 'start':
      await start({ runs: number('runs') });
      break;
    case 'latency':
      await latency({
        signal,
        rates: rates(),
        seconds: number('seconds', '60'),
        customers: number('customers'),
      });
      break;
    case 'acceptance':
      await acceptance({
        signal,
        pairs: number('pairs'),
        seconds: number('seconds', '4'),
        concurrency: number('concurrency'),
        customers: number('customers'),
      });
      break;
    case 'engine':
      await engine({ signal, quick: isQuick, rounds: given('rounds') });
      break;
    case 'commit-interval':
      await commitInterval({
        signal,
        rates: rates('100,1000,5000'),
        seconds: number('seconds', '15'),
        rounds: number('rounds', '3'),
      });
      break;
    case 'hot-products':
      await hotProducts({ signal, quick: isQuick, rounds: given('rounds') });
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
