import { describe, expect, it } from 'vitest';
import type { CartLine } from './cart';
import type { Answer, KeyedRequest } from './keyed-request';
import { EMPTY_MEMORY, type Memory } from './memory';
import { place, type OrderWish, type Outcome, type World } from './placement';

const cups = { sku: 'espresso-cup', quantity: 2 };
const jug = { sku: 'milk-jug', quantity: 1 };
const HOUR_MS = 60 * 60 * 1000;

const done: Answer = { kind: 'done', body: { id: 'o1' }, replayed: false };
const placed: Outcome = { kind: 'placed', orderId: 'o1' };
const refused: Answer & Outcome = { kind: 'refused', detail: 'no' };
const unknown: Answer = { kind: 'unknown' };
const elsewhere: Answer = { kind: 'not-your-session' };
const death = new Error('the page is gone');

function wish(lines: readonly CartLine[]): OrderWish | null {
  if (lines.length === 0) return null;
  return {
    lines,
    paymentMethod: 'pm_card_visa',
    expectedTotal: { amount: '4200', currency: 'EUR' },
  };
}

type Send = (request: KeyedRequest) => Answer | Promise<Answer>;

/** What a browser remembers lives on, whatever happens to its pages. */
class Browser {
  memory: Memory = { ...EMPTY_MEMORY, customerId: 'c1', cart: [cups] };
  readonly sent: KeyedRequest[] = [];
  readonly did: string[] = [];
  now = 0;
  private drawn = 0;

  /** A page on which somebody presses "Place order". */
  press(...answers: (Answer | Error)[]): Promise<Outcome | null> {
    return this.pressed(inTurn(answers));
  }

  pressed(send: Send, seen = this.memory.settled?.request.key ?? null): Promise<Outcome | null> {
    return place(this.page(send), { wish, seen });
  }

  /** A page that is only opened. */
  open(...answers: (Answer | Error)[]): Promise<Outcome | null> {
    return place(this.page(inTurn(answers)), { wish: () => null, seen: null });
  }

  private page(send: Send): World {
    return {
      change: async (next) => {
        const before = this.memory;
        this.memory = next(before);
        if (this.memory !== before) this.did.push('wrote');
        return this.memory;
      },
      newKey: () => `key-${++this.drawn}`,
      now: () => this.now,
      send: async (request) => {
        this.did.push('sent');
        this.sent.push(request);
        return send(request);
      },
      pause: async () => undefined,
      waiting: () => this.did.push('told to wait'),
    };
  }
}

function inTurn(answers: (Answer | Error)[]): Send {
  return () => {
    const answer = answers.shift() ?? new Error('sent more often than expected');
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

describe('placing an order', () => {
  it('writes the key down before it sends anything, and drops it after the answer', async () => {
    const browser = new Browser();
    await expect(browser.press(done)).resolves.toEqual(placed);
    expect(browser.did).toEqual(['wrote', 'sent', 'wrote']);
    expect(browser.memory).toMatchObject({ cart: [], placements: [] });
    expect(browser.sent[0]?.body).toBe(JSON.stringify(wish([cups])));
  });

  it('sends the same key and bytes until the answer is definite', async () => {
    const browser = new Browser();
    await browser.press(unknown, unknown, unknown, done);
    expect(browser.sent).toHaveLength(4);
    expect(new Set(browser.sent.map(({ key, body }) => key + body)).size).toBe(1);
    expect(browser.did.filter((what) => what === 'told to wait')).toHaveLength(3);
  });

  it('page died with the request on its way: the next page sends it again', async () => {
    const browser = new Browser();
    await expect(browser.press(death)).rejects.toBe(death);
    await expect(browser.open(done)).resolves.toEqual(placed);
    expect(browser.sent[1]).toEqual(browser.sent[0]);
  });

  it('page died, reader pressed again: one wish', async () => {
    const browser = new Browser();
    await expect(browser.press(death)).rejects.toBe(death);
    await browser.press(done);
    expect(browser.sent[1]).toEqual(browser.sent[0]);
  });

  it('put into the cart meanwhile: kept for the next order, however this one ends', async () => {
    for (const [answer, cart] of [
      [done, [jug]],
      [refused, [cups, jug]],
    ] as const) {
      const browser = new Browser();
      await browser.pressed(() => {
        browser.memory = { ...browser.memory, cart: [jug] };
        return answer;
      });
      expect(browser.memory.cart).toEqual(cart);
    }
  });

  it('a refusal is definite: the cart is as before, the next press has a new key', async () => {
    const browser = new Browser();
    await expect(browser.press(refused)).resolves.toEqual(refused);
    expect(browser.memory.cart).toEqual([cups]);
    await browser.press(done);
    expect(browser.sent[1]?.key).not.toBe(browser.sent[0]?.key);
  });

  it('an empty cart is nothing to do', async () => {
    const browser = new Browser();
    browser.memory = { ...browser.memory, cart: [] };
    await expect(browser.press()).resolves.toBeNull();
    expect(browser.did).toEqual([]);
  });
});

describe('two tabs that press', () => {
  it.each([
    ['end at the same order', done, placed],
    ['end at the same refusal, and the second does not order by itself', refused, refused],
  ])('%s', async (_title, answer, outcome) => {
    const browser = new Browser();
    // Both looked before either was answered.
    const seen = browser.memory.settled?.request.key ?? null;
    await expect(browser.pressed(() => answer, seen)).resolves.toEqual(outcome);
    await expect(browser.pressed(() => death as never, seen)).resolves.toEqual(outcome);
    expect(browser.sent).toHaveLength(1);
  });

  it('without any lock: one key, and the answer is taken once', async () => {
    const browser = new Browser();
    let answerFirst: (answer: Answer) => void = () => undefined;
    const first = browser.pressed(() => new Promise<Answer>((resolve) => (answerFirst = resolve)));
    const second = await browser.press(done);
    browser.memory = { ...browser.memory, cart: [jug] };
    answerFirst(done);
    expect([await first, second]).toEqual([placed, placed]);
    expect(browser.sent[1]).toEqual(browser.sent[0]);
    expect(browser.memory.cart).toEqual([jug]);
  });

  it('the first order is history for a tab that has seen how it ended', async () => {
    const browser = new Browser();
    await browser.press(done);
    browser.memory = { ...browser.memory, cart: [jug] };
    await browser.press({ ...done, body: { id: 'o2' } });
    expect(browser.sent).toHaveLength(2);
  });
});

describe('a session that ended with the answer outstanding', () => {
  async function orphaned(): Promise<Browser> {
    const browser = new Browser();
    const outcome = await browser.pressed(() => {
      browser.memory = { ...browser.memory, customerId: 'c2' };
      return elsewhere;
    });
    expect(outcome?.kind === 'refused' && outcome.detail).toContain('session ended');
    return browser;
  }

  it('keeps the cart for whoever shops now, who orders with a key of his own', async () => {
    const browser = await orphaned();
    expect(browser.memory.cart).toEqual([cups]);
    await expect(browser.press(done)).resolves.toEqual(placed);
    expect(browser.sent.map(({ customerId }) => customerId)).toEqual(['c1', 'c2']);
    expect(browser.sent[1]?.key).not.toBe(browser.sent[0]?.key);
  });

  it('keeps the key for its owner, who finds the order finished when he returns', async () => {
    const browser = await orphaned();
    await expect(browser.open()).resolves.toBeNull();
    browser.memory = { ...browser.memory, customerId: 'c1' };
    await expect(browser.open(refused)).resolves.toEqual(refused);
    expect(browser.sent[1]).toMatchObject({ ...browser.sent[0], lines: [] });
    expect(browser.memory.cart, 'the lines came back once').toEqual([cups]);
  });

  it('is noticed by the next page too, before it sends anything', async () => {
    const browser = new Browser();
    await expect(browser.press(death)).rejects.toBe(death);
    browser.memory = { ...browser.memory, customerId: 'c2' };
    await expect(browser.open()).resolves.toMatchObject({ kind: 'refused' });
    expect(browser.memory.cart).toEqual([cups]);
    expect(browser.sent).toHaveLength(1);
  });
});

describe('a key that the server may have forgotten', () => {
  it('is not sent again: the reader is told to look', async () => {
    const browser = new Browser();
    await expect(browser.press(death)).rejects.toBe(death);
    browser.now = 25 * HOUR_MS;
    const outcome = await browser.open();
    expect(outcome?.kind === 'refused' && outcome.detail).toContain('Your orders');
    expect(browser.sent).toHaveLength(1);
    expect(browser.memory).toMatchObject({ cart: [cups], placements: [] });
  });

  it('is sent while it is surely known', async () => {
    const browser = new Browser();
    await expect(browser.press(death)).rejects.toBe(death);
    browser.now = 23 * HOUR_MS;
    await expect(browser.open(done)).resolves.toEqual(placed);
  });
});
