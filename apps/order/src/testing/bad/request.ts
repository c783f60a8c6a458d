import { twoCups } from '../order-application.js';

/**
 * A request that is not as it should be: what is sent, how it is answered, and why so. Those that
 * are accepted stand here too, where a reader would wonder.
 */
export interface BadRequest {
  readonly what: string;
  readonly send: Sent;
  /** `400 invalid-request`; `201` alone, when it is accepted. */
  readonly answer: string;
  readonly because: string;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url?: string;
  /** null: not sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Buffer;
  /** Sent before, with the same key: a good request. */
  readonly first?: object;
}

export const cup = { sku: 'espresso-cup', quantity: 1 };
export const json = (body: unknown): Sent => ({ body: JSON.stringify(body) });
export const text = (body: string): Sent => ({ body });
export const changed = (change: object): Sent => json({ ...twoCups, ...change });
export const lines = (...list: unknown[]): Sent => changed({ lines: list });
export const line = (change: object): Sent => lines({ ...cup, ...change });
/** A number as it is written, which JSON.stringify would change. */
export const quantity = (written: string): Sent =>
  text(`{"lines":[{"sku":"espresso-cup","quantity":${written}}],"paymentMethod":"pm_card_visa"}`);
export const total = (amount: unknown, currency: unknown): Sent =>
  changed({ expectedTotal: { amount, currency } });
export const headers = (some: Readonly<Record<string, string | null>>, body?: object): Sent => ({
  ...json(body ?? twoCups),
  headers: some,
});
export const get = (url: string): Sent => ({ method: 'GET', url });
