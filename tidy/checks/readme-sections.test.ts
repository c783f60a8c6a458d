import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { readmeSections } from './readme-sections.js';

describe('sections of the READMEs', () => {
  test('every app and lib has its page', () => expectTidy(readmeSections));

  test('a missing page, a missing section and an empty one are found', () => {
    const report = readmeSections(
      workspaceOf({
        'libs/money/package.json': '{}',
        'libs/eos/package.json': '{}',
        'libs/eos/README.md':
          '# eos\n\n## Guarantee\n\nOnce.\n\n## Not promised\n\n## Example\n\nx\n',
      }),
    );
    expect(report.findings).toEqual([
      'libs/money/README.md: missing',
      'libs/eos/README.md: section "Not promised" is missing or empty',
    ]);
  });

  test('what an app consumes may be a line or a column, its crash table a what-if', () => {
    const page = (middle: string) =>
      `# app\n\n${middle}\n\n## Invariants\n\nx\n\n## What if…\n\nx\n\n## How to break it\n\nx\n`;
    const column = '| stage | consumes | produces | owns (store) |\n| --- | --- | --- | --- |';
    const report = readmeSections(
      workspaceOf({
        'apps/order/package.json': '{}',
        'apps/order/README.md': page('- **Consumes** a\n- **Produces** b\n- **Owns**\n'),
        'apps/payment/package.json': '{}',
        'apps/payment/README.md': page(column),
      }),
    );
    expect(report.findings).toEqual(['apps/order/README.md: section "Owns" is missing or empty']);
  });
});
