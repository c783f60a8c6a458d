import { describe, expect, it } from 'vitest';
import { place, type Answer, type OrderWish, type Placement, type World } from './placement';

const wish: OrderWish = {
  lines: [{ sku: 'espresso-cup', quantity: 2 }],
  paymentMethod: 'pm_card_visa',
  expectedTotal: { amount: '4200', currency: 'EUR' },
};
const placed: Answer = { kind: 'placed', orderId: 'o1' };
const refused: Answer = { kind: 'refused', detail: 'no' };
const unknown: Answer = { kind: 'unknown' };

/** The browser: its storage lives on, whatever happens to the page. */
class Browser {
  stored: Placement | null = null;
  cartEmptied = false;
  customer: string | null = 'c1';
  readonly sent: Placement[] = [];
  readonly done: string[] = [];
  private keys = 0;

  page(answers: (sent: Placement) => Promise<Answer>): World {
    return {
      pending: () => this.stored,
      keep: (placement) => {
        this.done.push(placement ? 'key kept' : 'key dropped');
        this.stored = placement;
      },
      emptyCart: () => {
        this.done.push('cart emptied');
        this.cartEmptied = true;
      },
      customerId: () => this.customer,
      newKey: () => `key-${++this.keys}`,
      send: (placement) => {
        this.done.push('sent');
        this.sent.push(placement);
        return answers(placement);
      },
      pause: async () => undefined,
      waiting: () => undefined,
    };
  }

  answering(...answers: Answer[]): World {
    return this.page(async () => answers.shift()!);
  }
}

const death = new Error('the page is gone');
const dies = (): Promise<Answer> => Promise.reject(death);

describe('placing an order', () => {
  it('keeps the key before it sends anything, and drops it after the answer', async () => {
    const browser = new Browser();
    await expect(place(browser.answering(placed), wish)).resolves.toEqual(placed);
    expect(browser.done).toEqual(['key kept', 'sent', 'cart emptied', 'key dropped']);
  });

  it('sends the same key and bytes until the answer is definite', async () => {
    const browser = new Browser();
    await place(browser.answering(unknown, unknown, unknown, placed), wish);
    expect(browser.sent).toHaveLength(4);
    expect(new Set(browser.sent.map(({ key, body }) => key + body)).size).toBe(1);
  });

  it('page died before the request left: the next page sends it', async () => {
    const browser = new Browser();
    await expect(place(browser.page(dies), wish)).rejects.toBe(death);
    await expect(place(browser.answering(placed), null)).resolves.toEqual(placed);
    expect(browser.sent.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
  });

  it('page died with the request on its way, reader pressed again: one wish', async () => {
    const browser = new Browser();
    await expect(place(browser.page(dies), wish)).rejects.toBe(death);
    await place(browser.answering(placed), { ...wish, paymentMethod: 'pm_other' });
    expect(browser.sent[1]).toEqual(browser.sent[0]);
  });

  it('page died after the answer: the cart is empty before the key goes', async () => {
    const browser = new Browser();
    const page = browser.answering(placed);
    page.keep = (placement) => {
      if (!placement) throw death;
      browser.stored = placement;
    };
    await expect(place(page, wish)).rejects.toBe(death);
    expect(browser.cartEmptied).toBe(true);
    await expect(place(browser.answering(placed), null)).resolves.toEqual(placed);
    expect(browser.sent.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
  });

  it('a refusal is definite: the cart stays, the next wish has a new key', async () => {
    const browser = new Browser();
    await expect(place(browser.answering(refused), wish)).resolves.toEqual(refused);
    expect(browser.cartEmptied).toBe(false);
    await place(browser.answering(placed), wish);
    expect(browser.sent.map(({ key }) => key)).toEqual(['key-1', 'key-2']);
  });

  it('another customer took over: the key is not used in his name', async () => {
    const browser = new Browser();
    const page = browser.page(async () => {
      browser.customer = 'c2';
      return unknown;
    });
    await expect(place(page, wish)).resolves.toMatchObject({ kind: 'refused' });
    expect(browser.sent).toHaveLength(1);
    expect(browser.stored).toBeNull();
  });

  it('an empty cart, as the second of two tabs finds it, is nothing to do', async () => {
    const browser = new Browser();
    const answer = await place(browser.answering(placed), { ...wish, lines: [] });
    expect(answer).toEqual({ kind: 'nothing-to-do' });
    expect(browser.sent).toHaveLength(0);
  });
});
