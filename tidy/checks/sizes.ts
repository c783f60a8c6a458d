import type { Files, Report } from '../workspace.js';

/**
 * A screen and a sitting: 100 columns without a sideways scroll, 300 lines without losing the
 * thread.
 */
const MAX_LINES = 300;
const MAX_COLUMNS = 100;

export function sizes(files: Files): Report {
  const code = [...files].filter(([path]) => /\.(tsx?|mjs|java|css|sql)$/.test(path));
  const findings = code.flatMap(([path, text]) => {
    const lines = text.replace(/\n$/, '').split('\n');
    const wide = lines.findIndex((line) => [...line].length > MAX_COLUMNS);
    return [
      ...(lines.length > MAX_LINES ? [`${path}: ${lines.length} lines, at most ${MAX_LINES}`] : []),
      ...(wide >= 0 ? [`${path}:${wide + 1}: more than ${MAX_COLUMNS} columns`] : []),
    ];
  });
  return { looked: code.length, findings };
}
