import { FencedError, type Runner } from '@checkout/eos';
import { Module } from '@nestjs/common';
import { createLog, startService } from '../index.js';

/**
 * A service as a process of its own, for tests of its life. What its one runner does is the first
 * argument; with `has-none` there is no runner.
 */
@Module({})
class NoModule {}

const [, , behaviour] = process.argv;
const log = createLog('example');

const runner = (onFatal: (error: Error) => void): Runner => ({
  async start() {
    if (behaviour === 'fails') onFatal(new Error('the broker refused the group'));
    if (behaviour === 'fenced') onFatal(new FencedError('another process has our instance id'));
  },
  async stop() {
    log.info({}, 'the runner has stopped');
    if (behaviour === 'never-stops') await new Promise(() => undefined);
  },
  figures: () => ({
    group: 'example.work',
    open: 1,
    oldestOpenMs: 250,
    ended: { committed: 7, aborted: 2, fenced: 1, unknown: 0 },
    records: 70,
  }),
  health: () => ({ ready: behaviour !== 'waits', detail: 'the runner owns nothing yet' }),
});

await startService({
  name: 'example',
  module: NoModule,
  port: 0,
  log,
  ...(behaviour !== 'has-none' && { runners: (_app, { onFatal }) => [runner(onFatal)] }),
});
