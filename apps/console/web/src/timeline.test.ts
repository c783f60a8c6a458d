import { describe, expect, it } from 'vitest';
import { detailRows, sinceFirst, summary, type Fact } from './timeline';

const fact = (at: string): Fact => ({ service: 's', at, what: 'w', text: 't', details: {} });

describe('the timeline', () => {
  it('says details in words, nested ones with the name of their owner', () => {
    expect(
      detailRows({
        topic: 'ledger',
        partition: 0,
        idempotencyKey: 'k1',
        gateway_request: { requestId: 'req_1', replayed: false },
        attempts: [1, 2],
        nothing: null,
        empty: '',
      }),
    ).toEqual([
      { name: 'topic', value: 'ledger' },
      { name: 'partition', value: '0' },
      { name: 'idempotency key', value: 'k1' },
      { name: 'gateway request, request id', value: 'req_1' },
      { name: 'gateway request, replayed', value: 'false' },
      { name: 'attempts', value: '1, 2' },
    ]);
  });

  it('says in one line how much there is, and what was dropped', () => {
    const one = fact('2026-01-01T00:00:01.000Z');
    const repeat = { ...one, service: 'payment', what: 'repeat', details: { times: 2 } };
    expect(summary([one])).toBe('1 fact in 1 service. Nothing was delivered twice.');
    expect(summary([one, repeat])).toBe('2 facts in 2 services. 2 repeats came and had no effect.');
  });

  it('counts from the first fact, wherever it stands', () => {
    const facts = [fact('2026-01-01T00:00:01.250Z'), fact('2026-01-01T00:00:01.000Z')];
    expect(facts.map(({ at }) => sinceFirst(facts, at))).toEqual(['+250 ms', '+0 ms']);
    expect(sinceFirst(facts, '2026-01-01T00:01:01.000Z')).toBe('+60.00 s');
  });
});
