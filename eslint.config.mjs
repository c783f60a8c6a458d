import nx from '@nx/eslint-plugin';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { boundaries } from './tidy/lint/boundaries.mjs';
import { projectGraphOnDisk } from './tidy/lint/project-graph.mjs';
import { imports, properties, syntax } from './tidy/lint/restrictions.mjs';

/**
 * The rules as a program. Each rule is listed by hand, because each must have a fixture in
 * tidy/fixtures/lint on which it fires: a rule that nobody has seen failing is decoration. Where a
 * rule is lifted, the reason stands beside it.
 */
projectGraphOnDisk();

const typescript = ['**/*.ts', '**/*.tsx'];
const everything = [...typescript, '**/*.mjs'];
const tests = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**', 'e2e/**', 'libs/testkit/**'];
const tools = [
  ...['bench/**', 'chaos/**', 'deploy/**', 'e2e/**', 'findings/**', 'libs/testkit/**', 'tidy/**'],
];
const configuration = ['**/*.config.ts', '**/*.config.mjs'];

export default [
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/target/**',
      '.nx/**',
      '.run/**',
      'tidy/fixtures/**',
    ],
  },
  {
    files: everything,
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin, '@nx': nx, 'react-hooks': reactHooks },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'max-depth': ['error', 3],
      'max-nested-callbacks': ['error', 3],
      complexity: ['error', { max: 12, variant: 'modified' }],
      'no-nested-ternary': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      'no-console': 'error',
      'no-debugger': 'error',
      'no-unsafe-finally': 'error',
      'no-constant-binary-expression': 'error',
      'no-empty': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
      'no-restricted-properties': properties(),
      'no-restricted-syntax': syntax(),
      'no-restricted-imports': imports(),
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: typescript,
    ignores: configuration,
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      // A class used only as a type of an injected constructor parameter must stay a value: the
      // rule knows that from emitDecoratorMetadata in the tsconfig, and says nothing in files with
      // decorators.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  {
    // Outside the projects' own tsconfig files there is no type information.
    files: ['**/*.mjs', ...configuration],
    languageOptions: { parserOptions: { projectService: false } },
  },
  { files: configuration, rules: { 'no-restricted-exports': 'off' } },

  // Where the restricted things live. Each list names the one kind of file that may do the thing.
  {
    files: ['**/config.ts', 'deploy/**', 'bench/**', 'chaos/**', 'tidy/**', ...tests],
    rules: { 'no-restricted-properties': properties({ environment: true }) },
  },
  {
    files: ['**/clock.ts', '**/ids.ts', '**/*-id.ts', '**/trace.ts'],
    rules: {
      'no-restricted-properties': properties({ clock: true, random: true }),
      'no-restricted-syntax': syntax({ clock: true }),
      'no-restricted-imports': imports({ random: true }),
    },
  },
  {
    files: [...tools, ...tests],
    rules: {
      'no-console': 'off',
      'no-restricted-properties': properties({ environment: true, clock: true, random: true }),
      'no-restricted-syntax': syntax({ clock: true }),
      'no-restricted-imports': imports({ random: true }),
    },
  },
  {
    // The runner looks for packages that may not be there yet, or lie inside of others; the checks
    // ask for the place of a tool.
    files: ['deploy/local/**', 'tidy/**'],
    rules: { 'no-restricted-imports': imports({ random: true, require: true }) },
  },
  { files: ['libs/eos/**'], rules: { 'no-restricted-imports': imports({ kafka: true }) } },
  {
    // The loaded kafkajs itself is asked whether it is patched, in files that it does not export; a
    // test's process is told how to load TypeScript.
    files: [
      'libs/eos/src/patch-check{,.test}.ts',
      'libs/eos/src/testing/unpatched.ts',
      'libs/eos/src/testing/run-typescript.mjs',
    ],
    rules: { 'no-restricted-imports': imports({ kafka: true, require: true }) },
  },
  { files: ['apps/payment/**'], rules: { 'no-restricted-imports': imports({ stripe: true }) } },
  {
    // A describe block is a list of cases and not a function one has to hold in the head.
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      'max-nested-callbacks': ['error', 4],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['apps/console/web/**/*.{ts,tsx}'],
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: typescript,
    rules: { '@nx/enforce-module-boundaries': boundaries() },
  },
  {
    files: tests,
    rules: { '@nx/enforce-module-boundaries': boundaries({ tests: true }) },
  },
];
