import { type Files, isSource, type Report } from '../workspace.js';

/**
 * One index.ts per lib is its surface. Any other file that only passes things on hides where they
 * live.
 */
export function barrels(files: Files): Report {
  const sources = [...files].filter(([path]) => isSource(path));
  const findings = sources.flatMap(([path, text]) => {
    if (/^(libs\/[^/]+|deploy\/local)\/src\/index\.ts$/.test(path)) return [];
    if (/\/index\.tsx?$/.test(path)) return [`${path}: only a lib has an index.ts, in its src`];
    return onlyPassesOn(text) ? [`${path}: only passes on what other files export`] : [];
  });
  return { looked: sources.length, findings };
}

function onlyPassesOn(text: string): boolean {
  const code = text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replace(/export\s+(type\s+)?(\*( as \w+)?|\{[^}]*\})\s+from\s+['"][^'"]+['"];?/g, 'REEXPORT')
    .trim();
  return code.includes('REEXPORT') && code.replace(/REEXPORT/g, '').trim() === '';
}
