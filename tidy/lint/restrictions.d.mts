export interface RestrictedProperty {
  readonly object: string;
  readonly property: string;
}
export interface RestrictedSyntax {
  readonly selector: string;
}
export interface RestrictedPath {
  readonly name: string;
  readonly importNames?: readonly string[];
}
export interface RestrictedPattern {
  readonly group: readonly string[];
}
type Rule<Options extends readonly unknown[]> = readonly ['error', ...Options];

export function properties(): Rule<readonly RestrictedProperty[]>;
export function syntax(): Rule<readonly RestrictedSyntax[]>;
export function imports(): Rule<
  readonly [
    { readonly paths: readonly RestrictedPath[]; readonly patterns: readonly RestrictedPattern[] },
  ]
>;
