import { describe, expect, test } from 'vitest';
import type { Operation } from './frozen-request.js';
import type { Answer, Intent, Refund } from './gateway/answer.js';
import type { Lesson } from './lesson.js';
import type { Work } from './payment.js';
import { understand } from './understand-answer.js';

const ORDER = '0190a6b2-6f00-7000-8000-000000000001';
const stateOf = {
  create: 'CREATING',
  confirm: 'CONFIRMING',
  cancel: 'CANCELLING',
  refund: 'REFUNDING',
} as const;
const EUR = (amount: string) => ({ amount, currency: 'EUR' });

function work(operation: Operation, given: Partial<Work['attempt']> = {}): Work {
  return {
    payment: {
      orderId: ORDER,
      customerId: '0190a6b2-6f00-7000-8000-00000000c001',
      amount: EUR('4200'),
      tax: EUR('671'),
      paymentMethod: 'pm_card_visa',
      lines: [],
      approvedEventId: ORDER,
      traceparent: '',
      state: stateOf[operation],
      intentId: operation === 'create' ? null : 'pi_1',
      lastChargeId: 'ch_old',
      tries: 0,
    },
    attempt: {
      operation,
      number: 1,
      request: { key: '', text: '', hash: '' },
      state: 'SENT',
      storedFailure: false,
      createdAt: 0,
      ...given,
    },
  };
}

function shown(given: Partial<Intent> = {}): Answer {
  const intent: Intent = {
    id: 'pi_1',
    status: 'succeeded',
    amount: EUR('4200'),
    orderId: ORDER,
    livemode: false,
    failure: null,
    fee: EUR('84'),
    ...given,
  };
  return { kind: 'intent', intent, evidence: 'req_1' };
}

const failed = (chargeId: string | null, declineCode = 'lost_card') => ({ chargeId, declineCode });

type Case = [what: string, answer: Answer, lesson: Partial<Lesson>];

describe('what the answer to a confirmation means', () => {
  const cases: Case[] = [
    ['charged', shown(), { kind: 'paid', fee: EUR('84') }],
    ['charged, fee not booked yet', shown({ fee: null }), { kind: 'unknown' }],
    ['canceled', shown({ status: 'canceled' }), { kind: 'declined', declineCode: 'canceled' }],
    ['processing', shown({ status: 'processing' }), { kind: 'unknown' }],
    ['authentication wanted', shown({ status: 'requires_action' }), { kind: 'unknown' }],
    ['a status of tomorrow', shown({ status: 'requires_luck' }), { kind: 'unknown' }],
    [
      'failed just now',
      shown({ status: 'requires_payment_method', failure: failed('ch_new') }),
      { kind: 'declined', declineCode: 'lost_card' },
    ],
    [
      'failed at an earlier attempt',
      shown({ status: 'requires_payment_method', failure: failed('ch_old') }),
      { kind: 'unknown' },
    ],
    ['another amount', shown({ amount: EUR('4201') }), { kind: 'quarantined' }],
    [
      'another currency',
      shown({ amount: { ...EUR('4200'), currency: 'USD' } }),
      { kind: 'quarantined' },
    ],
    ['another order', shown({ orderId: 'x' }), { kind: 'quarantined' }],
    ['no order at all', shown({ orderId: null }), { kind: 'quarantined' }],
    ['another intent', shown({ id: 'pi_2' }), { kind: 'quarantined' }],
    ['real money', shown({ livemode: true }), { kind: 'quarantined' }],
    [
      'a decline about another amount',
      {
        kind: 'declined',
        failure: failed('ch_new'),
        intent: (shown({ amount: EUR('1') }) as { intent: Intent }).intent,
        evidence: '',
      },
      { kind: 'quarantined' },
    ],
    [
      'a decline that may pass',
      {
        kind: 'declined',
        failure: failed('ch_new', 'try_again_later'),
        intent: null,
        evidence: '',
      },
      { kind: 'try-again', chargeId: 'ch_new' },
    ],
    [
      'no answer',
      { kind: 'unclear', reason: 'reset', stored: false },
      { kind: 'unknown', storedFailure: false },
    ],
    [
      'a replayed 500',
      { kind: 'unclear', reason: '500', stored: true },
      { kind: 'unknown', storedFailure: true },
    ],
    ['429', { kind: 'not-executed', reason: '429' }, { kind: 'not-executed' }],
    [
      'the key is known for other bytes',
      { kind: 'key-misused', reason: '' },
      { kind: 'quarantined' },
    ],
    ['our intent is unknown', { kind: 'no-such-intent', reason: '' }, { kind: 'quarantined' }],
    ['already over', { kind: 'moved-on', reason: '' }, { kind: 'unknown' }],
    [
      'our request is refused',
      { kind: 'refused', code: 'resource_missing', evidence: '' },
      { kind: 'declined', declineCode: 'resource_missing' },
    ],
  ];
  test.each(cases)('%s', (_what, answer, lesson) => {
    expect(understand(work('confirm'), answer)).toEqual(expect.objectContaining(lesson));
  });

  test('a decline that may pass is final at the third attempt', () => {
    const answer: Answer = {
      kind: 'declined',
      failure: failed('ch_new', 'processing_error'),
      intent: null,
      evidence: '',
    };
    const lesson = understand(work('confirm', { number: 3 }), answer);
    expect(lesson).toEqual(expect.objectContaining({ kind: 'declined' }));
  });
});

describe('what the answer to a creation means', () => {
  const created = shown({ status: 'requires_payment_method', fee: null });
  const cases: Case[] = [
    ['an intent', created, { kind: 'intent-created', intentId: 'pi_1' }],
    ['an intent of another order', shown({ orderId: 'x' }), { kind: 'quarantined' }],
    ['an intent over another amount', shown({ amount: EUR('1') }), { kind: 'quarantined' }],
    ['no answer', { kind: 'unclear', reason: '', stored: false }, { kind: 'unknown' }],
  ];
  test.each(cases)('%s', (_what, answer, lesson) => {
    expect(understand(work('create'), answer)).toEqual(expect.objectContaining(lesson));
  });
});

describe('what the answer to a cancellation means', () => {
  const cases: Case[] = [
    ['cancelled', shown({ status: 'canceled', fee: null }), { kind: 'cancelled' }],
    ['charged all the same', shown(), { kind: 'paid', fee: EUR('84') }],
    ['charged, fee not booked yet', shown({ fee: null }), { kind: 'unknown' }],
    ['neither', shown({ status: 'requires_payment_method' }), { kind: 'unknown' }],
    ['processing', shown({ status: 'processing' }), { kind: 'unknown' }],
    ['another order', shown({ orderId: 'x', status: 'canceled' }), { kind: 'quarantined' }],
    ['over already', { kind: 'moved-on', reason: '' }, { kind: 'unknown' }],
    ['refused', { kind: 'refused', code: 'x', evidence: '' }, { kind: 'quarantined' }],
    ['no answer', { kind: 'unclear', reason: '', stored: false }, { kind: 'unknown' }],
  ];
  test.each(cases)('%s', (_what, answer, lesson) => {
    expect(understand(work('cancel'), answer)).toEqual(expect.objectContaining(lesson));
  });
});

describe('what the answer to a refund means', () => {
  const returned = (given: Partial<Refund> = {}): Answer => {
    const whole = { id: 're_1', status: 'succeeded', amount: EUR('4200') };
    const refund: Refund = { ...whole, intentId: 'pi_1', orderId: ORDER, ...given };
    return { kind: 'refund', refund, evidence: 'req_1' };
  };
  const cases: Case[] = [
    ['returned', returned(), { kind: 'refunded', refundId: 're_1' }],
    ['still pending', returned({ status: 'pending' }), { kind: 'unknown' }],
    ['a status of tomorrow', returned({ status: 'requires_luck' }), { kind: 'unknown' }],
    ['failed', returned({ status: 'failed' }), { kind: 'quarantined' }],
    ['canceled', returned({ status: 'canceled' }), { kind: 'quarantined' }],
    ['another amount', returned({ amount: EUR('4199') }), { kind: 'quarantined' }],
    ['another intent', returned({ intentId: 'pi_2' }), { kind: 'quarantined' }],
    ['another order', returned({ orderId: null }), { kind: 'quarantined' }],
    ['returned already', { kind: 'moved-on', reason: '' }, { kind: 'unknown' }],
    ['refused', { kind: 'refused', code: 'x', evidence: '' }, { kind: 'quarantined' }],
    ['429', { kind: 'not-executed', reason: '429' }, { kind: 'not-executed' }],
  ];
  test.each(cases)('%s', (_what, answer, lesson) => {
    expect(understand(work('refund'), answer)).toEqual(expect.objectContaining(lesson));
  });
});
