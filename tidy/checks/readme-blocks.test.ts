import { describe, expect, test } from 'vitest';
import { blocksOf } from '../readme/blocks.js';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { readmeBlocks } from './readme-blocks.js';

const block = (commands: string, comment: string) =>
  `# Page\n\n\`\`\`sh\n${commands}\n\`\`\`\n\n${comment}\n\ntext\n`;

describe('blocks of commands', () => {
  test('each says what it ends with, or why it is not run', () => expectTidy(readmeBlocks));

  test('are read with their promise', () => {
    const page = block('# first\nnpm start', '<!-- expect: /^Ready in .*$/ -->');
    const promise = { kind: 'expect', pattern: /^Ready in .*$/, inTheFirst: false };
    expect(blocksOf(page)).toEqual([{ line: 3, commands: ['npm start'], promise }]);
    const back = block('kill 1', '<!-- expect in the first terminal: /again/ -->');
    expect(blocksOf(back)[0]?.promise).toMatchObject({ pattern: /again/, inTheFirst: true });
    const other = block('npm test', '<!-- not run here: it runs this very test -->');
    expect(blocksOf(other)[0]?.promise).toEqual({
      kind: 'not run',
      reason: 'it runs this very test',
    });
  });

  test.each([
    ['nothing below it', ''],
    ['another comment', '<!-- prettier-ignore -->'],
    ['an excuse of no words', '<!-- not run here: no -->'],
  ])('one with %s is found', (_, comment) => {
    const report = readmeBlocks(workspaceOf({ 'README.md': block('npm start', comment) }));
    expect(report.findings).toEqual(['README.md:3: says neither what it ends with nor why not']);
  });

  test('a picture is not a command', () => {
    expect(blocksOf('```\nbrowser ──▶ order\n```\n')).toEqual([]);
  });
});
