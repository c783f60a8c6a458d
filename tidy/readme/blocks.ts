/**
 * The commands of a page, each with what its author promises: the last line that a reader will see,
 * or why the test cannot run it. The promise stands right below the block, invisible on the page:
 *
 *   <!-- expect: /^Ready in .*$/ -->   or   <!-- not run here: it needs an order of yours -->
 *
 * `expect in the first terminal` is about what runs there since the page's first command.
 */
export interface Block {
  readonly line: number;
  readonly commands: readonly string[];
  readonly promise: Promised;
}

export type Promised =
  | { readonly kind: 'expect'; readonly pattern: RegExp; readonly inTheFirst: boolean }
  | { readonly kind: 'not run'; readonly reason: string }
  | { readonly kind: 'nothing' };

const SHELL_BLOCK = /^```(?:sh|bash|console)\n([\s\S]*?)^```\n((?:\s*<!--[\s\S]*?-->)?)/gm;

export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(SHELL_BLOCK)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length,
    commands: (match[1] ?? '').split('\n').filter((line) => line.trim() && !line.startsWith('#')),
    promise: promiseIn(match[2] ?? ''),
  }));
}

/** The blocks that promise a last line, as one command each. */
export function runnableBlocks(page: string): readonly Runnable[] {
  return blocksOf(page).flatMap(({ commands, promise }) =>
    promise.kind === 'expect' ? [{ ...promise, command: commands.join('\n') }] : [],
  );
}

export interface Runnable {
  readonly command: string;
  readonly pattern: RegExp;
  readonly inTheFirst: boolean;
}

function promiseIn(comment: string): Promised {
  const [, first, pattern] =
    /<!-- expect( in the first terminal)?: \/(.+)\/ -->/.exec(comment) ?? [];
  if (pattern !== undefined) {
    return { kind: 'expect', pattern: new RegExp(pattern), inTheFirst: first !== undefined };
  }
  const reason = /<!-- not run here: (.{10,}?) -->/.exec(comment)?.[1];
  return reason === undefined ? { kind: 'nothing' } : { kind: 'not run', reason };
}
