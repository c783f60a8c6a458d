export interface Answer {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly mend?: string;
}

export interface Asked {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly ports?: boolean;
  readonly memory?: () => number;
  readonly disk?: () => number;
  readonly folder?: string;
}

export const knownPorts: readonly { part: string; variable: string; usual: number }[];
export function checkMachine(asked?: Asked): Promise<Answer[]>;
