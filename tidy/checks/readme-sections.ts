import type { Files, Report } from '../workspace.js';

/** The page that answers a newcomer's questions in the same order everywhere. */
const OF_AN_APP = ['Consumes', 'Produces', 'Owns', 'Invariants', 'Crash table', 'How to break it'];
const OF_A_LIB = ['Guarantee', 'Not promised', 'Example'];
const ALSO_CALLED: Readonly<Record<string, string>> = { 'Crash table': 'What if…' };
/** One page. */
const MAX_LINES = 120;

export function readmeSections(files: Files): Report {
  const projects = [...files.keys()].filter((path) =>
    /^(apps|libs)\/[^/]+\/package\.json$/.test(path),
  );
  const findings = projects.flatMap((manifest) => {
    const path = manifest.replace('package.json', 'README.md');
    const text = files.get(path);
    if (text === undefined) return [`${path}: missing`];
    const wanted = path.startsWith('apps/') ? OF_AN_APP : OF_A_LIB;
    const missing = wanted.filter((title) => !has(text, title));
    return [
      ...missing.map((title) => `${path}: section "${title}" is missing or empty`),
      ...(text.split('\n').length > MAX_LINES ? [`${path}: longer than a page`] : []),
    ];
  });
  return { looked: projects.length, findings };
}

/**
 * A heading with something under it, a labelled line, or a column of a table: where it suits the
 * page.
 */
function has(text: string, title: string): boolean {
  return sectionBody(text, title) !== '' || labelled(text, title);
}

function labelled(text: string, title: string): boolean {
  const line = new RegExp(`^- \\*\\*${title}\\*\\*[^\\S\\n]*\\S`, 'm');
  const column = new RegExp(`^\\|.*\\| *${title}\\b[^|]*\\|.*\\n\\| *-`, 'im');
  return line.test(text) || column.test(text);
}

function sectionBody(text: string, title: string): string {
  const start = new RegExp(`^##+ (?:${title}|${ALSO_CALLED[title] ?? title})\\s*$`, 'm').exec(text);
  if (!start) return '';
  const rest = text.slice(start.index + start[0].length);
  return (rest.split(/^## /m)[0] ?? '').trim();
}
