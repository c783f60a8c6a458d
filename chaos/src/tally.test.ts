import { describe, expect, it } from 'vitest';
import { type Fault, kinds, targets } from './schedule.js';
import { Tally } from './tally.js';

const every: readonly Fault[] = targets.flatMap((target) =>
  kinds.map((kind) => ({ kind, target, waits: true, milliseconds: 1 })),
);

function tallyOf(faults: readonly Fault[], inFlight: (fault: Fault) => number): Tally {
  const tally = new Tally();
  for (const fault of faults) tally.add({ fault, inFlight: inFlight(fault) });
  tally.looked({ customers: 5, judge: 1 });
  return tally;
}

describe('what has struck', () => {
  it('is enough when each fault met an order on its way', () => {
    expect(tallyOf(every, () => 3).vacuous()).toEqual([]);
  });

  it('is not enough when a fault never struck', () => {
    const [left, ...struck] = every;
    const missing = `${left?.kind} ${left?.target} never struck`;
    expect(tallyOf(struck, () => 3).vacuous()).toEqual([missing]);
  });

  it('is not enough when a fault met nothing', () => {
    const idle = (fault: Fault) => (fault.target === 'broker' ? 0 : 3);
    expect(tallyOf(every, idle).vacuous()).toEqual([
      'kill broker met no order on its way',
      'pause broker met no order on its way',
    ]);
  });

  it('is enough when the second time met one', () => {
    const tally = tallyOf(every, () => 0);
    for (const fault of every) tally.add({ fault, inFlight: 1 });
    expect(tally.vacuous()).toEqual([]);
    expect([tally.count('kill'), tally.count('pause')]).toEqual([
      2 * targets.length,
      2 * targets.length,
    ]);
  });

  it('is not enough when nobody looked', () => {
    const tally = tallyOf(every, () => 3);
    tally.looked({ customers: 0, judge: 0 });
    expect(tally.vacuous()).toEqual([
      'no customer looked at an order',
      'the judge came to no verdict while faults struck',
    ]);
  });

  it('is told by process', () => {
    const [line] = tallyOf(every, () => 3).lines();
    expect(line).toMatch(/^ {2}enrichment +1 kill met 3 orders, 1 pause met 3 orders$/);
  });
});
