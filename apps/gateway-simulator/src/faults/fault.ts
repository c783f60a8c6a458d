import { z } from 'zod';

/** One planned fault: what goes wrong, where around the effect, and which calls it hits. */
const MAX_DELAY_MS = 120_000;
const MAX_CALLS = 1_000_000;

/** What a caller may ask for. */
const operations = ['create', 'confirm', 'cancel', 'refund'] as const;
export type Operation = (typeof operations)[number];

const faultEffects = [
  /** The caller sees a reset: before = the request was lost, after = the answer was lost. */
  'drop-connection',
  /** A 500 that is stored with the key: before = nothing happened, after = it happened. */
  'status-500',
  /** Refused by the rate limit, before the idempotency layer; nothing is stored. */
  'status-429',
  'delay',
  /**
   * The answer (and its stored copy) names another amount, currency or order. After the effect
   * only.
   */
  'other-amount',
  'other-currency',
  'other-order',
  /** The event is sent as often as `copies` says. Webhooks only. */
  'duplicate',
] as const;
export type FaultEffect = (typeof faultEffects)[number];

const onlyBefore: readonly FaultEffect[] = ['status-429'];
const onlyAfter: readonly FaultEffect[] = ['other-amount', 'other-currency', 'other-order'];
/** What can go wrong with an event that is told: it comes late, in copies, or at the second try. */
const ofWebhooks: readonly FaultEffect[] = ['delay', 'duplicate', 'drop-connection'];
const MAX_COPIES = 100;

const faultSchema = z
  .strictObject({
    operation: z.enum([...operations, 'webhook']),
    when: z.enum(['before', 'after']),
    effect: z.enum(faultEffects),
    delayMs: z.int().min(0).max(MAX_DELAY_MS).default(0),
    copies: z.int().min(1).max(MAX_COPIES).default(2),
    /** The first call to be hit, counted from now; 1 is the next. */
    nth: z.int().min(1).max(MAX_CALLS).default(1),
    /** How many calls in a row are hit. */
    count: z.int().min(1).max(MAX_CALLS).default(1),
    /** Only calls about this order are counted and hit. */
    orderId: z.string().max(255).optional(),
  })
  .refine((fault) => !(onlyBefore.includes(fault.effect) && fault.when === 'after'), {
    path: ['when'],
    message: 'this effect exists only before',
  })
  .refine((fault) => !(onlyAfter.includes(fault.effect) && fault.when === 'before'), {
    path: ['when'],
    message: 'this effect exists only after',
  })
  .refine(
    ({ operation, when, effect }) =>
      operation === 'webhook'
        ? when === 'before' && ofWebhooks.includes(effect)
        : effect !== 'duplicate',
    { path: ['effect'], message: `before a webhook there are: ${ofWebhooks.join(', ')}` },
  );
export type Fault = z.infer<typeof faultSchema>;

/** One fault or a list; the plan is what was sent last. */
export const faultPlanSchema = z.preprocess(
  (sent) => (Array.isArray(sent) ? (sent as unknown[]) : [sent]),
  z.array(faultSchema).max(100),
);
