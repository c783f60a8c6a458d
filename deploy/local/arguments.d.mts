export const partNames: readonly string[];
export function faultsOfArguments(command: string, args: readonly string[]): string[];
