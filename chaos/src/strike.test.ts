import { until } from '@checkout/testkit';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Striker } from './strike.js';

/** Longer than any test takes. */
const LONG_MS = 60_000;
const freeze = { kind: 'pause', target: 'ledger', waits: false, milliseconds: LONG_MS } as const;
const kill = { kind: 'kill', target: 'ledger', waits: false } as const;

let ledger: ChildProcess;
let striker: Striker;

/** A process that does nothing; whoever is killed is started again by hand. */
function start(): void {
  ledger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
}

beforeEach(() => {
  start();
  striker = new Striker({
    processes: () =>
      ledger.pid === undefined || ledger.signalCode !== null
        ? []
        : [{ name: 'ledger', pid: ledger.pid, port: null, restarts: 0 }],
    kill: (_name, signal) => {
      ledger.kill(signal);
      return ledger.pid ?? 0;
    },
  });
});
afterEach(async () => {
  await striker.heal();
  ledger.kill('SIGKILL');
});

/** `T`: stopped by a signal. */
async function isFrozen(): Promise<boolean> {
  const stat = readFileSync(`/proc/${ledger.pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

describe('a process', () => {
  it('that is frozen cannot be frozen again, until it is thawed', async () => {
    expect(striker.strike(freeze)).toBe(true);
    await until({ what: 'it is frozen', withinMs: 5_000 }, isFrozen);
    expect(striker.strike(freeze)).toBe(false);
    await striker.heal();
    await until({ what: 'it goes on', withinMs: 5_000 }, async () => !(await isFrozen()));
    expect(striker.strike(freeze)).toBe(true);
  });

  it('that is killed while it is frozen has a successor that can be frozen', async () => {
    expect(striker.strike(freeze)).toBe(true);
    const gone = once(ledger, 'exit');
    expect(striker.strike(kill)).toBe(true);
    await gone;
    await striker.thawed('ledger');
    start();
    expect(striker.strike(freeze)).toBe(true);
    await until({ what: 'the successor is frozen', withinMs: 5_000 }, isFrozen);
  });

  it('that is down cannot be hit, nor while its end has not been noticed', async () => {
    const gone = once(ledger, 'exit');
    expect(striker.strike(kill)).toBe(true);
    expect([striker.strike(freeze), striker.strike(kill)]).toEqual([false, false]);
    await gone;
    expect([striker.strike(freeze), striker.strike(kill)]).toEqual([false, false]);
    start();
    expect(striker.strike(kill)).toBe(true);
  });

  it('stays frozen for as long as it was meant to be, when no more faults come', async () => {
    const milliseconds = 300;
    const from = performance.now();
    expect(striker.strike({ ...freeze, milliseconds })).toBe(true);
    await striker.allThawed();
    expect(performance.now() - from).toBeGreaterThanOrEqual(milliseconds - 1);
    expect(await isFrozen()).toBe(false);
  });
});
