import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { vocabulary } from './vocabulary.js';

describe('vocabulary', () => {
  test('the pages say which transaction they mean', () => expectTidy(vocabulary));

  test('a bare mention is found; a named one, code and a second mention are not', () => {
    const page = [
      '# Page',
      '',
      'Both rows are in one transaction.',
      'A Kafka transaction is short: the transaction ends with its markers.',
      '`begin transaction` and transactional ids are words of their own.',
    ].join('\n');
    const report = vocabulary(workspaceOf({ 'docs/page.md': page }));
    expect(report).toEqual({ looked: 3, findings: ['docs/page.md:3: which transaction?'] });
  });
});
