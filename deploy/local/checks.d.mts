export interface Answer {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly mend?: string;
}

export interface Asked {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The ports of a start are to be free. */
  readonly ports?: boolean;
  /** Servers that the environment names are to be fit for use. */
  readonly servers?: boolean;
  readonly memory?: () => number;
  /** Bytes that are free on the disk of a folder, and what tells one disk from another. */
  readonly disk?: (folder: string) => number;
  readonly device?: (folder: string) => number;
  /** Whoever starts is root: PostgreSQL then runs as somebody else. */
  readonly root?: boolean;
  readonly folder?: string;
}

export const knownPorts: readonly { part: string; variable: string; usual: number }[];
export function checkMachine(asked?: Asked): Promise<Answer[]>;
/** Above the port, and none of those that are chosen already. */
export function nextFree(port: number, chosen: ReadonlySet<number>): Promise<number>;
