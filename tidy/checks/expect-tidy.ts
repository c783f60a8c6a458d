import { expect } from 'vitest';
import { type Check, readWorkspace, type Report } from '../workspace.js';

export function expectTidy(check: Check): void {
  const report = check(readWorkspace());
  expect(report.findings).toEqual([]);
  expect(report.looked, 'the check looked at nothing').toBeGreaterThan(0);
}

export function findingsOf(report: Report): readonly string[] {
  return report.findings;
}
