import { twoCups } from '../order-application.js';

/** One kind of bad input, under its number in docs/bad-inputs.md. */
export interface BadInput {
  /** `B12`: it is kept, whatever comes and goes. */
  readonly number: string;
  readonly name: string;
  readonly because: string;
  readonly requests: readonly BadRequest[];
}

/**
 * A request that is not as it should be: what is sent, how it is answered, and why so. Those that
 * are accepted stand here too, where a reader would wonder.
 */
export interface BadRequest {
  readonly what: string;
  readonly send: Sent | ((world: World) => Sent | Promise<Sent>);
  /** `400 invalid-request`; `201` alone, when it is accepted. */
  readonly answer: string;
  /** When it is another reason than that of the number. */
  readonly because?: string;
  /** Rows that are there afterwards: an order's, when it is answered 201, and else none. */
  readonly makes?: Made;
  /** What the catalogue says meanwhile, and what it says again afterwards. */
  readonly catalogue?: { readonly changes: string; readonly returns: string };
}

export type Made = 'an order' | 'a wish to cancel' | 'nothing';

/** What there is before anything bad is sent. */
export interface World {
  /** An order of the customer who asks, and the key that it was placed with. */
  readonly own: { readonly id: string; readonly key: string };
  /** The id of an order of another. */
  readonly another: string;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url?: string;
  /** null: not sent; several: one after the other. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string | Buffer;
  /** Sent before, with the same key: a good request. */
  readonly first?: { readonly body: object; readonly by: 'the same' | 'another' };
  /** In the place of all that: the bytes, and whether we say no more behind them. */
  readonly bytes?: (head: Head) => string;
  readonly ends?: true;
}

/** Of a request to place an order, with its customer's token and these headers. */
export type Head = (...headers: readonly string[]) => string;

/** Makes rows that are answered so, unless they say otherwise. */
export const rowsAnswered =
  (usual: string) =>
  (what: string, send: BadRequest['send'], answer = usual): BadRequest => ({ what, send, answer });

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
export const headers = (some: NonNullable<Sent['headers']>, body: object = twoCups): Sent => ({
  ...json(body),
  headers: some,
});
export const get = (url: string): Sent => ({ method: 'GET', url });
export const bytes = (sent: (head: Head) => string): Sent => ({ bytes: sent });
