import { describe, expect, it } from 'vitest';
import { ago } from './times';

const AT = '2026-11-24T12:00:00.000Z';
const after = (seconds: number): string => ago(AT, Date.parse(AT) + seconds * 1_000);

describe('how long ago', () => {
  it.each([
    [-5, 'just now'],
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [12 * 60 + 59, '12 minutes ago'],
    [60 * 60, '1 hour ago'],
    [23 * 60 * 60 + 3_599, '23 hours ago'],
    [24 * 60 * 60, '1 day ago'],
    [90 * 24 * 60 * 60, '90 days ago'],
  ])('%i seconds: %s', (seconds, words) => {
    expect(after(seconds)).toBe(words);
  });
});
