import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './workspace.js';

test('the checks themselves have sound types', () => {
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
  const run = () => execFileSync(process.execPath, [compiler, '-p', 'tidy'], { cwd: root });
  expect(run).not.toThrow();
});
