import { type Files, linesMatching, type Report } from '../workspace.js';

/**
 * Words that must not leave somebody's desk: paths of one machine, hosts of package registries (a
 * mirror written into a lockfile breaks every other clone), notes to oneself, and references to a
 * tracker that a reader of the code cannot see.
 */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/(^|[\s'"`(=:])\/(work|root|home\/\w+|Users\/\w+)\//, 'a path of one machine'],
  [
    /registry\.npmjs\.org|registry\.yarnpkg|repo1?\.maven|artifactory|jfrog|nexus\./i,
    'a registry host',
  ],
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'a note to oneself'],
  [/\bissues? #?\d+\b/i, 'a reference to a tracker'],
  [/\.only\(|\bfit\(|\bfdescribe\(/, 'a test that switches the others off'],
];

/** These two must write the words to look for them; the Maven wrapper-less poms name no host. */
const EXEMPT = new Set([
  'tidy/checks/words.ts',
  'tidy/checks/words.test.ts',
  'tidy/lint.test.ts',
  'eslint.config.mjs',
]);

export function words(files: Files): Report {
  const checked = [...files].filter(([path]) => !EXEMPT.has(path));
  const findings = FORBIDDEN.flatMap(([pattern, what]) =>
    linesMatching(checked, pattern).map(({ place, text }) => `${place}: ${what}: ${text.trim()}`),
  );
  return { looked: checked.length, findings };
}
