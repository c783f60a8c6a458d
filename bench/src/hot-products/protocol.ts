export interface Protocol {
  readonly lines: number;
  readonly rounds: number;
  /** Each number of them divides the number of partitions. */
  readonly processes: readonly number[];
}

export const WHOLE: Protocol = { lines: 60_000, rounds: 5, processes: [2, 4] };
export const QUICK: Protocol = { lines: 10_000, rounds: 2, processes: [2] };
