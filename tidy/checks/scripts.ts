import { type Files, type Report } from '../workspace.js';
import { scriptsOf } from './docs-references.js';

/** The README's table of commands and the scripts of the package.json are the same list. */
export function scripts(files: Files): Report {
  const known = [...scriptsOf(files)];
  const readme = files.get('README.md') ?? '';
  const missing = known.filter((name) => !new RegExp(`\`npm (run )?${name}\\b`).test(readme));
  return {
    looked: known.length,
    findings: missing.map((name) => `README.md: does not list npm run ${name}`),
  };
}
