export const partNames: readonly string[];
export function faultsOfArguments(
  command: string,
  args: readonly string[],
  env?: Readonly<Record<string, string | undefined>>,
): string[];
