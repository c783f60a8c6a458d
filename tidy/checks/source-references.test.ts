import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { sourceReferences } from './source-references.js';

describe('files that comments mention', () => {
  test('exist', () => expectTidy(sourceReferences));

  test('one that does not is found', () => {
    const report = sourceReferences(
      workspaceOf({
        'apps/payment/src/charge.ts': [
          '/** See resolve-unknown.ts, libs/eos/src/gone.ts and charge.ts. */',
          `import x from './not-a-comment.ts';`,
          'const one = 1; // as in answer.ts',
        ].join('\n'),
        'apps/payment/src/answer.ts': '',
        'apps/payment/src/gone.ts': '',
      }),
    );
    expect(report).toEqual({
      looked: 4,
      findings: [
        'apps/payment/src/charge.ts: a comment mentions resolve-unknown.ts, which does not exist',
        'apps/payment/src/charge.ts: a comment mentions libs/eos/src/gone.ts, which does not exist',
      ],
    });
  });
});
