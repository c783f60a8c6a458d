import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { headers } from './headers.js';

describe('headers of the files that keep a guarantee', () => {
  test('each says what it keeps', () => expectTidy(headers));

  test('a handler without a header, and one that promises everything, are found', () => {
    const report = headers(
      workspaceOf({
        'apps/order/src/a.handler.ts':
          '/** Places. Guarantee: once. Not promised: order. */\nexport const a = 1;',
        'apps/order/src/b.handler.ts': 'export const b = 1; // guarantee, not promised',
        'libs/eos/src/inbox-runner.ts': '/** Guarantee: once. */\nexport const c = 1;',
      }),
    );
    expect(report.findings).toEqual([
      'apps/order/src/b.handler.ts: its header does not say the guarantee',
      'apps/order/src/b.handler.ts: its header does not say what is not promised',
      'libs/eos/src/inbox-runner.ts: its header does not say what is not promised',
    ]);
  });
});
