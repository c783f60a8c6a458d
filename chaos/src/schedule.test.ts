import { describe, expect, it } from 'vitest';
import { Random } from './random.js';
import { DECK, faults, kinds, targets, type Fault } from './schedule.js';

/** Of a consumer: its partitions are another's then. */
const SESSION_MS = 15_000;

const drawn = (seed: number, count: number): Fault[] => {
  const all = faults(new Random(seed, 'faults'));
  return Array.from({ length: count }, () => all.next().value);
};

describe('the schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(drawn(42, 3 * DECK)).toEqual(drawn(42, 3 * DECK));
    expect(drawn(42, DECK)).not.toEqual(drawn(43, DECK));
  });

  it('strikes every process in every way in each deck', () => {
    const everything = targets.flatMap((target) => kinds.map((kind) => `${kind} ${target}`)).sort();
    expect(everything).toHaveLength(DECK);
    for (const seed of [1, 2, 3]) {
      const faultsOfTwoDecks = drawn(seed, 2 * DECK).map(({ kind, target }) => `${kind} ${target}`);
      expect(faultsOfTwoDecks.slice(0, DECK).sort()).toEqual(everything);
      expect(faultsOfTwoDecks.slice(DECK).sort()).toEqual(everything);
    }
  });

  it('mostly waits for progress, sometimes not', () => {
    const waiting = drawn(7, 20 * DECK).filter(({ waits }) => waits).length / (20 * DECK);
    expect(waiting).toBeGreaterThan(0.5);
    expect(waiting).toBeLessThan(0.7);
  });

  it('freezes half of the consumers past a session, the engine past a Kafka transaction', () => {
    const pauses = (target: string, faults: Fault[]) =>
      faults.flatMap((one) =>
        one.kind === 'pause' && one.target === target ? [one.milliseconds] : [],
      );
    expect(new Set(pauses('enrichment', drawn(7, 20 * DECK)))).toEqual(new Set([12_000, 17_000]));
    for (let seed = 1; seed <= 100; seed++) {
      const deck = drawn(seed, DECK);
      const consumers = ['enrichment', 'ledger', 'payment', 'order'];
      const outlasting = consumers.filter((name) =>
        pauses(name, deck).some((ms) => ms > SESSION_MS),
      );
      expect(outlasting).toHaveLength(2);
    }
  });
});
