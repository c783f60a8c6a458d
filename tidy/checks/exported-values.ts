import { type Files, isSource, isTest, type Report } from '../workspace.js';

/** What a file exports, another file uses; else a reader looks in vain for who depends on it. */
const EXPORTED = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;

export function exportedValues(files: Files): Report {
  const sources = [...files].filter(([path]) => isSource(path));
  let looked = 0;
  const findings = sources
    .filter(([path]) => !isTest(path) && !path.endsWith('.d.mts'))
    .flatMap(([path, text]) => {
      const names = [...text.matchAll(EXPORTED)].map((match) => match[1] ?? '');
      looked += names.length;
      return names
        .filter((name) => !sources.some(([other, used]) => other !== path && mentions(used, name)))
        .map((name) => `${path}: ${name} is exported and no other file uses it`);
    });
  return { looked, findings };
}

const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
