import { expect } from 'vitest';
import { type Check, readWorkspace } from '../workspace.js';

export function expectTidy(check: Check): void {
  const report = check(readWorkspace());
  expect(report.findings).toEqual([]);
  expect(report.looked, 'the check looked at nothing').toBeGreaterThan(0);
}
