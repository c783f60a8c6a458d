/** What an independent reader has found of outputs. */
interface Found {
  readonly inputs: number;
  readonly outputs: number;
  /** Missing, too many, out of turn, or not byte for byte what they should be. */
  readonly wrong: number;
  readonly firstWrong?: string | undefined;
}

export interface Judged extends Found {
  /** Of Kafka transactions, in each partition of the output. */
  readonly endings: number;
  /** The same for the same outputs in the same order. */
  readonly digest: string;
}

/** Of the inventory stage: what is held is looked at, too. */
export interface StockJudged extends Found {
  /** How many of the inputs each partition has. */
  readonly byPartition: readonly number[];
}

/** Of a changelog. */
export interface State {
  readonly keys: number;
  readonly customers: number;
  readonly differ: number;
}

/** Throws unless each input has its one output, in its turn: then there are no figures. */
export function assertRight(side: string, judged: Found, inputs: number): void {
  const { outputs, wrong, firstWrong = '' } = judged;
  if (judged.inputs !== inputs || inputs === 0) {
    throw new Error(`${side}: ${judged.inputs} inputs are there, ${inputs} were sent; no figures`);
  }
  if (outputs === inputs && wrong === 0) return;
  throw new Error(
    `${side}: ${inputs} inputs, ${outputs} outputs, ${wrong} wrong, so no figures; ${firstWrong}`,
  );
}

/** Throws unless all sides, which were given the same, have written the same. */
export function assertSame(sides: readonly { readonly name: string; readonly digest: string }[]) {
  const digests = new Set(sides.map(({ digest }) => digest));
  if (sides.length > 1 && digests.size === 1) return;
  const told = sides.map(({ name, digest }) => `${name} ${digest}`).join('; ');
  throw new Error(`the sides have not written the same, so no figures: ${told}`);
}

/** Throws unless the changelog ends with each customer's count, and holds no other. */
export function assertState(side: string, { keys, customers, differ }: State): void {
  if (customers > 0 && keys === customers && differ === 0) return;
  throw new Error(
    `${side}: its changelog has ${keys} keys of ${customers}, ${differ} differ; no figures`,
  );
}
