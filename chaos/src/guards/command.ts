import { untilSignal } from '@checkout/testkit';
import { show } from './show.js';
import { NAMES, NOT_HERE, type Shown } from './table.js';

interface Asked {
  readonly without: readonly string[];
  readonly seed: number;
}

/** As shells say it of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** `npm run guards -- --without look-after-unknown --seed 42`; all of them where none is named. */
export function showGuards({ without, seed }: Asked): Promise<boolean> {
  return show({
    names: without.length === 0 ? NAMES : without.map(nameOf),
    seed,
    say: (line) => console.log(line),
    starting: (start) => untilSignal(start, INTERRUPTED),
  });
}

function nameOf(asked: string): Shown {
  const name = NAMES.find((one) => one === asked);
  if (name) return name;
  const elsewhere = Object.entries(NOT_HERE).find(([one]) => one === asked);
  const why = elsewhere ? `shown by conformance alone: ${elsewhere[1]}` : 'there is no such guard';
  throw new Error(`--without ${asked}: ${why}; there are ${NAMES.join(', ')}`);
}
