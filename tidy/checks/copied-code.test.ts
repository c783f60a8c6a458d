import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { copiedCode } from './copied-code.js';
import { expectTidy } from './expect-tidy.js';

describe('code on a page', () => {
  test('is a piece of a source file', () => expectTidy(copiedCode));

  test.each([
    ['const one = 1;', []],
    ['  const one =\n    1;', []],
    ['const one = 2;', ['docs/page.md:3: this code is in no source file']],
  ])('"%s" is held against the sources', (code, findings) => {
    const files = workspaceOf({
      'libs/one.ts': 'function f() {\n  const one = 1;\n}',
      'docs/page.md': `# Page\n\n\`\`\`ts\n${code}\n\`\`\`\n`,
    });
    expect(copiedCode(files)).toEqual({ looked: 1, findings });
  });
});
