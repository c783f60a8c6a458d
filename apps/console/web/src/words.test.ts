import { describe, expect, it } from 'vitest';
import { steps, type OrderStatus } from './history';
import { order } from './testing/orders';
import { cancelHeadline, expectedText, headline, STATUS_NAMES, stepText } from './words';

const statuses = Object.keys(STATUS_NAMES) as OrderStatus[];

describe('what the pages say', () => {
  it.each(statuses)('%s: a sentence of its own that names the order', (status) => {
    const sentence = headline(order(status));
    expect(sentence).toContain('abcd1234');
    const others = statuses.filter((other) => other !== status);
    expect(others.map((other) => headline(order(other)))).not.toContain(sentence);
  });

  it.each(statuses)('%s: whether money was taken, and how much', (status) => {
    const charged = /charged .*42\.00|paid with .*42\.00|42\.00 went back/;
    const taken = ['paid', 'booked', 'refunded'].includes(status);
    const sentence = headline(order(status));
    expect(charged.test(sentence)).toBe(taken);
    // What the bank said about a failed payment comes with these words already.
    const nothing = ['rejected', 'cancelled'].includes(status);
    expect(sentence.includes('Nothing was charged')).toBe(nothing);
  });

  it.each(statuses)('%s: words for every step, also on the way to a cancellation', (status) => {
    for (const one of [order(status), order(status, { cancelRequested: true })]) {
      for (const step of steps(one)) {
        const say = step.state === 'done' ? stepText : expectedText;
        expect(say(one, step.status), `${step.state} ${step.status}`).toMatch(/\w.*\.$/);
      }
      expect(cancelHeadline(one)).toMatch(/\.$/);
    }
  });
});
