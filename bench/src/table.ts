/** Text columns: the first to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, n) => Math.max(...all.map((row) => [...(row[n] ?? '')].length)));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, n) => pad(row[n] ?? '', width, n === 0))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join(
    '\n',
  );
}

function pad(text: string, width: number, left: boolean): string {
  const missing = ' '.repeat(width - [...text].length);
  return left ? text + missing : missing + text;
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const seconds = (value: number): string => `${value.toFixed(1)} s`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
