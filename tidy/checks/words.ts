import { type Files, isSource, linesMatching, type Report } from '../workspace.js';

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
  [/\b(TO-?DO|FIX-?ME|X{3}|H[A]CK)\b/, 'a note to oneself'],
  [/\bissues? #?\d+\b/i, 'a reference to a tracker'],
  [/\.only\(|\bfit\(|\bfdescribe\(/, 'a test that switches the others off'],
];

/** These must write the words to look for them; the Maven wrapper-less poms name no host. */
const EXEMPT = new Set([
  'tidy/checks/words.ts',
  'tidy/checks/words.test.ts',
  'tidy/lint.test.ts',
  'eslint.config.mjs',
]);

const SKIPPED: readonly (readonly [RegExp, string])[] = [
  [/\.(skip|fixme|todo)\b|\bx(it|test|describe)\(/, 'a test that is not run'],
  [/\b(skip|fixme|todo): true\b/, 'a test that is not run'],
];

/** A test that runs in some places only is evidence in those only: each has its reason. */
export interface Conditional {
  readonly path: string;
  readonly call: string;
  readonly because: string;
}
const CONDITIONAL: readonly Conditional[] = [
  {
    path: 'bench/src/process-tree.test.ts',
    call: "test.runIf(process.platform === 'linux')(",
    because: 'a process tells its proportional memory in /proc, which other systems do not have',
  },
  {
    path: 'deploy/local/src/supervisor.test.ts',
    call: "it.runIf(process.platform === 'linux')(",
    because: 'who else is a member is read from /proc, and only there does the supervisor wait',
  },
  {
    path: 'deploy/local/src/system.test.ts',
    call: 'it.runIf(process.getuid?.() === 0)(',
    because: 'only root runs PostgreSQL as another user, who may be kept out of a folder',
  },
];

export function words(files: Files, conditional = CONDITIONAL): Report {
  const checked = [...files].filter(([path]) => !EXEMPT.has(path));
  const findings = FORBIDDEN.flatMap(([pattern, what]) =>
    linesMatching(checked, pattern).map(({ place, text }) => `${place}: ${what}: ${text.trim()}`),
  );
  const skipped = notRun(files, conditional);
  return { looked: checked.length, findings: [...findings, ...skipped] };
}

/** Here only this check and its own test are exempt: they write the words to look for them. */
function notRun(files: Files, conditional: readonly Conditional[]): string[] {
  const sources = [...files].filter(
    ([path]) => isSource(path) && !path.startsWith('tidy/checks/words.'),
  );
  const never = SKIPPED.flatMap(([pattern, what]) =>
    linesMatching(sources, pattern).map(({ place, text }) => `${place}: ${what}: ${text.trim()}`),
  );
  const sometimes = linesMatching(sources, /\.(runIf|skipIf)\b/).map((found) => ({
    ...found,
    entry: conditional.find(
      ({ path, call }) => found.place.startsWith(`${path}:`) && found.text.includes(call),
    ),
  }));
  const used = new Set(sometimes.map(({ entry }) => entry));
  return [
    ...never,
    ...sometimes
      .filter(({ entry }) => entry === undefined)
      .map(({ place, text }) => `${place}: a test on a condition without a reason: ${text.trim()}`),
    ...conditional
      .filter((entry) => !used.has(entry))
      .map(({ path, call }) => `${path}: no longer says ${call}`),
  ];
}
