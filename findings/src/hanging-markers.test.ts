import { jars, startSystem } from '@checkout/local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hangingMarkers } from './hanging-markers.js';
import { SmallTransactions } from './small-transactions.js';

const MINUTE = 60_000;

it(
  'the pinned broker, killed in the middle of commits, writes every marker when it is back',
  async () => {
    const rounds = await hangingMarkers({
      kafka: undefined,
      rounds: 2,
      report: (line) => console.log(line),
    });
    expect(rounds.map(({ open, skipped }) => ({ open, skipped }))).toEqual([
      { open: [], skipped: 0 },
      { open: [], skipped: 0 },
    ]);
    for (const { commits } of rounds) expect(commits).toBeGreaterThanOrEqual(2_000);
  },
  3 * MINUTE,
);

it(
  "a partition that waits for a producer is seen, with its coordinator's word",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'checkout-finding-'));
    const system = await startSystem({ only: ['broker'], runDir: join(folder, 'run') });
    try {
      const [broker = ''] = system.brokers;
      const program = new SmallTransactions({ jars: jars.broker, folder, broker });
      await program.begin('left-open');
      expect(await program.open('left-open')).toEqual([
        expect.stringMatching(
          /^left-open-0 waits from offset 0 for producer \d+ of epoch \d+; .*: Ongoing$/,
        ),
      ]);
    } finally {
      await system.stop();
      await rm(folder, { recursive: true });
    }
  },
  MINUTE,
);
