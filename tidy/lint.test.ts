import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
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
