import { type Files, isTest, type Report } from '../workspace.js';

/**
 * A file that keeps a guarantee says so before its first export: the guarantee, the threat, what is
 * not promised.
 */
const KEEPERS = /^(apps\/.*\.handler\.ts|libs\/eos\/src\/[\w-]*-(runner|worker)\.ts)$/;
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['the guarantee', /\bguarantee/i],
  ['what is not promised', /\bnot promised\b/i],
];

export function headers(files: Files): Report {
  const keepers = [...files].filter(([path]) => KEEPERS.test(path) && !isTest(path));
  const findings = keepers.flatMap(([path, text]) => {
    const before = text.split(/^export (?!type|interface)/m)[0] ?? '';
    const comment = (before.match(/\/\*\*[\s\S]*?\*\/|^\/\/.*$/gm) ?? []).join('\n');
    return PARTS.filter(([, pattern]) => !pattern.test(comment)).map(
      ([what]) => `${path}: its header does not say ${what}`,
    );
  });
  return { looked: keepers.length, findings };
}
