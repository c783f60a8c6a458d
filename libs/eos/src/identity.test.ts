import { describe, expect, it } from 'vitest';
import { assertNoneOfOurs, Identities, type Identity } from './identity.js';
import { BugError } from './verdicts.js';

const PROCESS = { host: 'ledger-7f9c5', pid: 4_711 };

const refusal = (...all: Identity[]): string => {
  const identities = new Identities(PROCESS);
  try {
    for (const one of all) identities.take(one);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(BugError);
    return (error as Error).message;
  }
};

describe('the names of a runner', () => {
  it('are refused when another runner of the process has them', () => {
    expect(
      refusal(
        { group: 'ledger.book', topics: ['payments', 'refunds'] },
        { group: 'ledger.book', topics: ['refunds'] },
      ),
    ).toContain('the transactional ids of ledger.book on refunds');
  });

  it('are refused when they read like those of another group on another topic', () => {
    expect(
      refusal(
        { group: 'ledger', topics: ['book.payments'] },
        { group: 'ledger.book', topics: ['payments'] },
      ),
    ).toContain(
      'the transactional ids of ledger on book.payments: ledger.book.payments.<partition>',
    );
  });

  it('are refused when a topic is named twice', () => {
    expect(refusal({ group: 'g', topics: ['a', 'a'] })).toBe('g reads a twice');
  });

  it.each([
    ['a drawn id', `g.${'01980000-0000-7000-8000-000000000001'}`],
    ['a drawn id', 'g.5F0c3b9a77d24e10'],
    ['a drawn id', `g${'0198000000007000800000000000000a'}.book`],
    ['a time, 1795719600', 'shop.1795719600'],
    ['a time, 1795719600123', 'shop1795719600123'],
    ['a time, 1795719600123456789', 'shop_1795719600123456789'],
    ["this machine's name, ledger-7f9c5", 'book.ledger-7f9c5'],
    ["this process's number, 4711", 'book-4711'],
  ])('are refused with %s in them', (what, group) => {
    expect(refusal({ group, topics: ['a'] })).toContain(`contains ${what}`);
  });

  it('may have a name that is also that of a machine, or a number that is a version', () => {
    const identities = new Identities({ host: 'ledger', pid: 2 });
    expect(() => identities.take({ group: 'ledger.book-2', topics: ['a'] })).not.toThrow();
  });

  it.each([
    'orders-2026',
    'orders-20261126',
    'topic.v2',
    'tenant-1234567890',
    'tenant-79927398713',
    'tenant-4006381333931',
    'article.1234567890123456',
    'facade.feedface',
    'build-5f0c3b9a77d2',
  ])('may be %s', (group) => {
    expect(refusal({ group, topics: ['a'] })).toBe('none');
  });

  it('may share a group, a topic or a beginning', () => {
    expect(
      refusal(
        { group: 'shop.split', topics: ['orders', 'payments'] },
        { group: 'shop.join', topics: ['orders'] },
        { group: 'shop.split', topics: ['refunds'] },
        { group: 'shop', topics: ['split'] },
      ),
    ).toBe('none');
  });

  it('are free again once they are given back', () => {
    const identities = new Identities(PROCESS);
    const one = { group: 'g', topics: ['a'] };
    identities.take(one)();
    expect(() => identities.take(one)).not.toThrow();
  });
});

describe('what the engine decides', () => {
  it.each([
    'autoCommit',
    'eachBatchAutoResolve',
    'readUncommitted',
    'fromBeginning',
    'transactionalId',
  ])('%s is refused, and not passed over in silence', (name) => {
    expect(() => assertNoneOfOurs({ group: 'g', [name]: true })).toThrow(
      `${name} cannot be chosen`,
    );
    expect(() => assertNoneOfOurs({ group: 'g' })).not.toThrow();
  });
});
