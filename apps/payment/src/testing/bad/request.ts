import { type Approval, approvalOf } from '../given.js';
import { eventAbout } from '../webhook-door.js';

/** One kind of bad webhook, under its number in docs/bad-inputs.md. */
export interface BadWebhook {
  readonly number: string;
  readonly name: string;
  readonly because: string;
  readonly requests: readonly BadRequest[];
}

/**
 * What is sent, and how it is answered: `400 webhook-refused`, or `200 not-ours`, with what became
 * of it. Those that are accepted stand here too, where a reader would wonder.
 */
export interface BadRequest {
  readonly what: string;
  readonly send: (world: World) => Sent;
  readonly answer: string;
  /** What the refusal tells. */
  readonly says?: RegExp;
  /** When it is another reason than that of the number. */
  readonly because?: string;
}

export interface Sent {
  readonly body?: string;
  /** Absent: a good one; null: none. */
  readonly signature?: string | null;
  readonly contentType?: string;
  /** It was delivered before. */
  readonly again?: true;
}

/** A payment whose intent is being made, and the time of those who look at signatures. */
export interface World {
  readonly approval: Approval;
  readonly now: number;
}

const REFUSED = '400 webhook-refused';
export const NOT_OURS = '200 not-ours';

type Given = Parameters<typeof eventAbout>[1];

/** About our payment, with a good signature. */
export const about =
  (given: Given = {}) =>
  ({ approval }: World): Sent => ({ body: JSON.stringify(eventAbout(approval, given)) });

/** About an order that we do not know, so that nothing comes of it, with this signature. */
export const strange =
  (signature: (body: string, world: World) => string | null) =>
  (world: World): Sent => {
    const body = JSON.stringify(eventAbout(approvalOf()));
    return { body, signature: signature(body, world) };
  };

export const refused = (what: string, send: BadRequest['send'], says: RegExp): BadRequest => ({
  ...{ what, send, says },
  answer: REFUSED,
});
export const taken = (what: string, send: BadRequest['send'], because: string): BadRequest => ({
  ...{ what, send, because },
  answer: NOT_OURS,
});
