export interface Constraint {
  readonly sourceTag: string;
  readonly onlyDependOnLibsWithTags?: readonly string[];
  readonly bannedExternalImports?: readonly string[];
}
export function constraints(options?: { readonly tests?: boolean }): readonly Constraint[];
