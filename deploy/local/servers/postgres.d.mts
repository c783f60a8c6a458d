export interface Answered {
  readonly version: string;
  readonly wal: string;
  readonly role: string;
  readonly lacking: readonly string[];
  readonly mayAll: boolean;
}

export function faultsOf(answered: Answered): { readonly found: string; readonly mend: string }[];
