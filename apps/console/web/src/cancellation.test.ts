import { describe, expect, it } from 'vitest';
import { cancel, finishCancellation, type World } from './cancellation';
import type { Answer, KeyedRequest } from './keyed-request';
import { EMPTY_MEMORY, type Memory } from './memory';

const noted: Answer = { kind: 'done', body: {}, replayed: false };
const unknown: Answer = { kind: 'unknown' };
const death = new Error('the page is gone');

/** What a browser remembers lives on, whatever happens to its pages. */
class Browser {
  memory: Memory = { ...EMPTY_MEMORY, customerId: 'c1' };
  readonly sent: KeyedRequest[] = [];
  readonly did: string[] = [];

  cancel(...answers: (Answer | Error)[]) {
    return cancel(this.page(answers), 'o1');
  }

  /** A page on which nobody pressed. */
  open(...answers: (Answer | Error)[]) {
    return finishCancellation(this.page(answers), 'o1');
  }

  private page(answers: (Answer | Error)[]): World {
    return {
      change: async (next) => {
        const before = this.memory;
        this.memory = next(before);
        if (this.memory !== before) this.did.push('wrote');
        return this.memory;
      },
      send: async (request) => {
        this.did.push('sent');
        this.sent.push(request);
        const answer = answers.shift() ?? death;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      pause: async () => undefined,
      waiting: () => undefined,
    };
  }
}

describe('cancelling an order', () => {
  it('is written down before it is sent, and forgotten after the answer', async () => {
    const browser = new Browser();
    await expect(browser.cancel(unknown, noted)).resolves.toEqual({ kind: 'requested' });
    expect(browser.did).toEqual(['wrote', 'sent', 'sent', 'wrote']);
    expect(browser.sent[1]).toEqual(browser.sent[0]);
    expect(browser.sent[0]).toMatchObject({ path: '/api/orders/o1/cancel', customerId: 'c1' });
    expect(browser.memory.cancellations).toEqual([]);
  });

  it('page died with the request on its way: the next page sends the same', async () => {
    const browser = new Browser();
    await expect(browser.cancel(death)).rejects.toBe(death);
    expect(browser.memory.cancellations).toHaveLength(1);
    await expect(browser.open(noted)).resolves.toEqual({ kind: 'requested' });
    expect(browser.sent[1]).toEqual(browser.sent[0]);
    await expect(browser.open(), 'nothing is left to ask').resolves.toBeNull();
  });

  it('is one wish for ever: any browser uses the same key', async () => {
    const [one, other] = [new Browser(), new Browser()];
    await one.cancel(noted);
    await one.cancel(noted);
    await other.cancel(noted);
    const keys = [...one.sent, ...other.sent].map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('too late is an answer, in the words of the shop', async () => {
    const browser = new Browser();
    const tooLate: Answer = { kind: 'refused', detail: 'There is nothing to cancel.' };
    await expect(browser.cancel(tooLate)).resolves.toEqual(tooLate);
    expect(browser.memory.cancellations).toEqual([]);
  });

  it("another customer's session: kept for its owner, not sent in another name", async () => {
    const browser = new Browser();
    await expect(browser.cancel({ kind: 'not-your-session' })).resolves.toBeNull();
    expect(browser.memory.cancellations).toHaveLength(1);
    browser.memory = { ...browser.memory, customerId: 'c2' };
    await browser.cancel(noted);
    expect(browser.memory.cancellations.map(({ customerId }) => customerId)).toEqual(['c1']);
  });
});
