import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { scripts } from './scripts.js';

describe('npm scripts', () => {
  test('the README lists each', () => expectTidy(scripts));

  test('one that the README leaves out is found', () => {
    const report = scripts(
      workspaceOf({
        'package.json': '{ "scripts": { "start": "", "doctor": "" } }',
        'README.md': '| `npm start` | everything |',
      }),
    );
    expect(report.findings).toEqual(['README.md: does not list npm run doctor']);
  });
});
