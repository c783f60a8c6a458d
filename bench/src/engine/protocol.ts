/** How much is done: enough for figures, or just enough to see that everything works. */
export interface Protocol {
  readonly customers: number;
  readonly gateRecords: number;
  /** What each side has done before anything is measured: both, not either. */
  readonly warmUp: { readonly seconds: number; readonly records: number };
  readonly burstRecords: number;
  readonly rounds: number;
  readonly paceSeconds: number;
  readonly paceRounds: number;
  readonly kills: number;
  /** Keys in the state that is restored after a kill, each with one record in the changelog. */
  readonly keys: number;
}

export const WHOLE: Protocol = {
  customers: 10_000,
  gateRecords: 20_000,
  // A JVM that is still compiling is half as fast; 300,000 records flatter us.
  warmUp: { seconds: 60, records: 600_000 },
  burstRecords: 200_000,
  rounds: 8,
  paceSeconds: 15,
  paceRounds: 3,
  kills: 5,
  keys: 100_000,
};

export const QUICK: Protocol = {
  ...WHOLE,
  gateRecords: 4_000,
  warmUp: { seconds: 5, records: 60_000 },
  burstRecords: 60_000,
  rounds: 2,
  paceSeconds: 4,
  paceRounds: 1,
  kills: 1,
  keys: 20_000,
};
