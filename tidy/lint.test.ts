import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BANS,
  boundaryEntries,
  boundaryExamples,
  dependencyCases,
  RESTRICTED,
  restrictedEntries,
} from './lint-entries.js';
import { root } from './workspace.js';

/**
 * Each rule is seen failing. A fixture pretends to be a real file (first line), because rules and
 * type information depend on the path, and names on each line what must fire there: nothing less,
 * nothing more.
 */
const folder = join(import.meta.dirname, 'fixtures/lint');
const fixtures = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const as = /^\/\/ as: (\S+)$/m.exec(text)?.[1];
  if (!as) throw new Error(`${name} does not say which file it pretends to be`);
  return { name, text, as, expected: expectedIn(text) };
});

function expectedIn(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const rules = /fires: (.+)$/.exec(line)?.[1]?.split(', ') ?? [];
    return rules.map((rule) => `${index + 1} ${rule}`);
  });
}

const eslint = new ESLint({ cwd: root });

// The first file loads the plugins, Nx's graph and the types.
beforeAll(() => fired('', 'apps/order/src/main.ts'), 180_000);

async function fired(text: string, as: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, as) });
  const messages = result?.messages ?? [];
  const lines = messages.map((message) => {
    if (message.fatal) throw new Error(`${as} cannot be linted: ${message.message}`);
    return `${message.line} ${nameOf(message)}`;
  });
  return [...new Set(lines)];
}

const BOUNDARIES = '@nx/enforce-module-boundaries';

/** One rule refuses imports for many reasons: the reason is what a fixture must name. */
function nameOf({ ruleId, messageId }: Linter.LintMessage): string {
  if (ruleId === BOUNDARIES) return `boundaries:${messageId}`;
  return ruleId ?? 'unused-disable-directive';
}

describe('each lint rule fires on its fixture, and only where the fixture says', () => {
  test.each(fixtures)('$name as $as', async ({ text, as, expected }) => {
    expect((await fired(text, as)).sort()).toEqual(expected.sort());
  });

  test('a file of 301 lines', async () => {
    const text = Array.from({ length: 301 }, (_, n) => `export const n${n} = ${n};\n`).join('');
    expect(await fired(text, 'libs/events/src/codec.ts')).toEqual(['301 max-lines']);
    expect(await fired(text.replace(/.*\n/, ''), 'libs/events/src/codec.ts')).toEqual([]);
  });

  test('a function of 71 lines, but not a list of test cases', async () => {
    const body = Array.from({ length: 69 }, (_, n) => `  void ${n};\n`).join('');
    const long = `export function long(): void {\n${body}}\n`;
    expect(await fired(long, 'libs/events/src/codec.ts')).toEqual(['1 max-lines-per-function']);
    expect(await fired(long, 'libs/testkit/src/browser.ts')).toEqual([]);
    const allowed = long.replace('  void 0;\n', '');
    expect(await fired(allowed, 'libs/events/src/codec.ts')).toEqual([]);
  });
});

describe('each entry of a rule with many fires on an example of its own', () => {
  const as = 'apps/order/src/main.ts';
  const entries = restrictedEntries();

  test('no entry is without an example, and no example without its entry', () => {
    expect(entries.map(({ key }) => key).sort()).toEqual(Object.keys(RESTRICTED).sort());
    expect(boundaryEntries().sort()).toEqual(boundaryExamples().sort());
  });

  test('what is restricted is refused, line by line', async () => {
    const examples = Object.entries(RESTRICTED);
    const found = await fired(examples.map(([, line]) => line).join('\n'), as);
    const rules = { import: 'imports', property: 'properties', syntax: 'syntax' };
    const through = examples.filter(([key], index) => {
      const kind = key.split(' ')[0] as keyof typeof rules;
      return !found.includes(`${index + 1} no-restricted-${rules[kind]}`);
    });
    expect(through.map(([key]) => key)).toEqual([]);
  });

  test.each(entries)('$key fires alone', ({ key, rule, alone }) => {
    const config = {
      languageOptions: { parser: tseslint.parser as Linter.Parser },
      rules: { [rule]: [...alone] as Linter.RuleEntry },
    };
    const messages = new Linter().verify(RESTRICTED[key] ?? '', [config]);
    expect(messages.map(({ ruleId }) => ruleId)).toEqual([rule]);
  });

  test.each(dependencyCases())('$title', async ({ as, specifiers, refused }) => {
    const found = await importing(specifiers, as);
    const whys = (specifier: string) => [...(found[specifiers.indexOf(specifier)] ?? [])];
    const allowed = specifiers.filter((specifier) => !refused.includes(specifier));
    expect(refused.filter((specifier) => !whys(specifier).some(refuses(specifier)))).toEqual([]);
    expect(allowed.filter((specifier) => whys(specifier).some(isTag))).toEqual([]);
    expect(refused.some((specifier) => whys(specifier).some(isTag))).toBe(true);
  });

  test.each(BANS)('$tag', async ({ as, patterns }) => {
    const found = await importing(Object.values(patterns), as);
    const banned = found.map((whys) => whys.has('boundaries:bannedExternalImportsViolation'));
    expect(banned).toEqual(Object.keys(patterns).map(() => true));
  });
});

const isTag = (why: string): boolean => /:(onlyTags|emptyOnlyTags)Constraint/.test(why);

/**
 * An import that would close a circle is refused for that, before any tag is looked at; an app has
 * no surface, so that its package cannot be resolved at all.
 */
const refuses =
  (specifier: string) =>
  (why: string): boolean =>
    isTag(why) ||
    why === 'boundaries:noCircularDependencies' ||
    (specifier === '@checkout/payment' && why === 'boundaries:noTransitiveDependencies');

/** Why each import is refused, in the order of the imports. */
async function importing(specifiers: readonly string[], as: string): Promise<Set<string>[]> {
  const lines = specifiers.map((specifier, n) => `import * as n${n} from '${specifier}';`);
  const found = await fired(lines.join('\n'), as);
  return lines.map((_, index) => {
    const prefix = `${index + 1} `;
    const own = found.filter((one) => one.startsWith(prefix));
    return new Set(own.map((one) => one.slice(prefix.length)));
  });
}

test('no rule is on without a fixture that it fires on', async () => {
  const seen = new Set(fixtures.flatMap(({ expected }) => expected.map((e) => e.split(' ')[1])));
  const elsewhere = ['max-lines', 'max-lines-per-function', BOUNDARIES];
  const files = ['libs/events/src/codec.ts', 'apps/console/web/src/app.tsx'];
  const rules = new Set<string>();
  for (const file of files) {
    const config = (await eslint.calculateConfigForFile(join(root, file))) as {
      rules: Record<string, [number]>;
    };
    for (const [rule, [severity]] of Object.entries(config.rules)) if (severity) rules.add(rule);
  }
  expect(rules.size).toBeGreaterThan(30);
  expect([...rules].filter((rule) => !seen.has(rule) && !elsewhere.includes(rule))).toEqual([]);
});
