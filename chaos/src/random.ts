import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { v4 } from 'uuid';

/**
 * Chance that can be repeated: the same seed and the same name give the same draws. What each part
 * of a run draws has a name of its own, so that one more draw here does not move everything there.
 */
export class Random {
  readonly #generator;

  constructor(seed: number, name: string) {
    this.#generator = xoroshiro128plus(hash(`${seed} ${name}`));
  }

  /** From `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** True in so many of a hundred. */
  percent(chance: number): boolean {
    return this.whole(1, 100) <= chance;
  }

  /** One of the weighted choices. */
  oneOf<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    const all = choices.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.whole(1, all);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left <= 0) return choice;
    }
    throw new Error('nothing to choose from');
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.flatMap(() => left.splice(this.whole(0, left.length - 1), 1));
  }

  /** A UUID of version 4, of our own chance. */
  uuid(): string {
    return v4({ random: Uint8Array.from({ length: 16 }, () => this.whole(0, 255)) });
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) {
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return value;
}
