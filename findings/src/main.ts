import { parseArgs } from 'node:util';
import { hangingMarkers } from './hanging-markers.js';

/**
 * `npm run finding -- --kafka 4.3.1 --rounds 3`: what docs/findings tells, with one's own eyes.
 * Ends with 0 when every marker was written, with 1 when a partition waits for ever.
 */
const { values } = parseArgs({
  options: { kafka: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});

/** Ctrl-C ends the broker, too. */
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());

try {
  const rounds = await hangingMarkers({
    kafka: values.kafka,
    rounds: Number(values.rounds),
    report: (line) => console.log(line),
    signal: interrupted.signal,
  });
  const hung = rounds.filter(({ open }) => open.length > 0).length;
  const version = values.kafka ?? 'the pinned version';
  console.log(
    `${hung === 0 ? 'CLEAN' : 'HANGING'} kafka=${version} rounds=${rounds.length} hung=${hung}`,
  );
  process.exitCode = hung === 0 ? 0 : 1;
} catch (error) {
  const { message, cause } = error as Error;
  console.error(cause instanceof Error ? `${message}\n  because ${cause.message}` : message);
  process.exitCode = 2;
}
