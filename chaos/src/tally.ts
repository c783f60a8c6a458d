import { type Fault, kinds, targets } from './schedule.js';

/** What has struck, and how many orders were on their way at that moment. */
export interface Struck {
  readonly fault: Fault;
  readonly inFlight: number;
}

export class Tally {
  readonly #struck: Struck[] = [];

  add(struck: Struck): void {
    this.#struck.push(struck);
  }

  count(kind: Fault['kind']): number {
    return this.#struck.filter(({ fault }) => fault.kind === kind).length;
  }

  /**
   * Why the run proves less than it claims, or nothing: each kind of fault must have struck each
   * process, and at least once while orders were on their way.
   */
  vacuous(): string[] {
    return targets.flatMap((target) =>
      kinds.flatMap((kind) => {
        const name = `${kind} ${target}`;
        const all = this.#struck.filter(
          ({ fault }) => fault.kind === kind && fault.target === target,
        );
        if (all.length === 0) return [`${name} never struck`];
        const met = all.some(({ inFlight }) => inFlight > 0);
        return met ? [] : [`${name} met no order on its way`];
      }),
    );
  }

  /** One line a process: kills, pauses, and the orders they met. */
  lines(): string[] {
    return targets.map((target) => {
      const counts = kinds.map((kind) => {
        const all = this.#struck.filter(
          ({ fault }) => fault.kind === kind && fault.target === target,
        );
        const met = all.reduce((sum, { inFlight }) => sum + inFlight, 0);
        return `${all.length} ${kind}${all.length === 1 ? '' : 's'} met ${met} orders`;
      });
      return `  ${target.padEnd(18)} ${counts.join(', ')}`;
    });
  }
}
