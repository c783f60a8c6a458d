import { describe, expect, test } from 'vitest';
import { VerifiedTokens } from './verified-tokens.js';

const noon = new Date('2026-11-24T12:00:00Z');
const seconds = (count: number): Date => new Date(noon.getTime() + count * 1_000);
const ada = { customerId: 'ada', endsAt: seconds(60) };
const ben = { customerId: 'ben', endsAt: seconds(60) };

describe('a verified token', () => {
  test('is known again, and another one is not', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('a.b.c', ada);
    expect(tokens.customerOf('a.b.c', noon)).toBe('ada');
    expect(tokens.customerOf('a.b.d', noon)).toBeUndefined();
    expect(tokens.customerOf('a.b', noon)).toBeUndefined();
  });

  test('is forgotten at its end', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('a.b.c', ada);
    expect(tokens.customerOf('a.b.c', seconds(59.9))).toBe('ada');
    expect(tokens.customerOf('a.b.c', seconds(60))).toBeUndefined();
    expect(tokens.customerOf('a.b.c', noon)).toBeUndefined();
  });

  test('makes room for newer ones: strangers cannot fill the memory', () => {
    const tokens = new VerifiedTokens(2);
    tokens.remember('first', ada);
    tokens.remember('second', ben);
    tokens.remember('third', ben);
    const known = ['first', 'second', 'third'].map((token) => tokens.customerOf(token, noon));
    expect(known).toEqual([undefined, 'ben', 'ben']);
  });
});
