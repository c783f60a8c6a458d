import { type Fault, kinds, targets } from './schedule.js';

/** What has struck, and how many orders were on their way at that moment. */
export interface Struck {
  readonly fault: Fault;
  readonly inFlight: number;
}

/** How often somebody has looked while faults struck. */
export interface Looks {
  readonly customers: number;
  readonly judge: number;
}

export class Tally {
  readonly #struck: Struck[] = [];
  #looks: Looks = { customers: 0, judge: 0 };

  add(struck: Struck): void {
    this.#struck.push(struck);
  }

  looked(looks: Looks): void {
    this.#looks = looks;
  }

  count(kind: Fault['kind']): number {
    return this.#struck.filter(({ fault }) => fault.kind === kind).length;
  }

  /**
   * Why the run proves less than it claims, or nothing: each kind of fault must have struck each
   * process, and at least once while orders were on their way; and both customers and the judge
   * must have looked meanwhile.
   */
  vacuous(): string[] {
    const { customers, judge } = this.#looks;
    return [
      ...this.#missed(),
      ...(customers > 0 ? [] : ['no customer looked at an order']),
      ...(judge > 0 ? [] : ['the judge came to no verdict while faults struck']),
    ];
  }

  #missed(): string[] {
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

  /** One line a process: kills, pauses, and the orders they met; and who looked. */
  lines(): string[] {
    const { customers, judge } = this.#looks;
    return [
      ...this.#faults(),
      `  meanwhile customers looked ${customers} times at orders, the judge ${judge} times at all`,
    ];
  }

  #faults(): string[] {
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
