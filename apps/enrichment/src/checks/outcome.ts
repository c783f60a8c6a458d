import type { Payload } from '@checkout/events';
import {
  WATCHDOG,
  type FailedCheck,
  type FraudAnswer,
  type OrderChecks,
  type RefusedLine,
} from './order-checks.js';

/**
 * What the known facts amount to, if they amount to anything yet. A function of the set of facts:
 * the order in which they came shows neither in the outcome nor in its wording nor in its time,
 * which is the order's own; when time was up, it is the time at which it was.
 */
export type Outcome =
  | {
      readonly decided: 'approved';
      readonly decidedAt: string;
      readonly payload: Payload<'OrderApproved'>;
    }
  | {
      readonly decided: 'rejected';
      readonly decidedAt: string;
      readonly payload: Payload<'OrderRejected'>;
    };

type Reason = Payload<'OrderRejected'>['reasons'][number];

export function outcomeOf(orderId: string, known: OrderChecks): Outcome | undefined {
  const { order, fraud, failed } = known;
  if (failed) return unchecked(orderId, failed, order);
  if (!order || !fraud || !everyLineAnswered(order, known)) return undefined;

  const reasons = [...stockReasons(order, known.refused ?? {}), ...fraudReasons(fraud)];
  const { customerId, occurredAt } = order;
  if (reasons.length > 0) return rejected({ orderId, customerId, reasons, occurredAt });
  return {
    decided: 'approved',
    decidedAt: occurredAt,
    payload: { ...order, fraud: { ordersInWindow: fraud.ordersInWindow } },
  };
}

function rejected(payload: Payload<'OrderRejected'>): Outcome {
  return { decided: 'rejected', decidedAt: payload.occurredAt, payload };
}

function everyLineAnswered(order: Payload<'OrderOpened'>, known: OrderChecks): boolean {
  return order.lines.every(
    ({ lineNumber }) => known.held?.[lineNumber] ?? known.refused?.[lineNumber],
  );
}

function unchecked(
  orderId: string,
  { stage, occurredAt }: FailedCheck,
  order: Payload<'OrderOpened'> | undefined,
): Outcome {
  const customer = order && { customerId: order.customerId };
  if (stage === WATCHDOG) return rejected({ orderId, ...customer, reasons: [tooLate], occurredAt });
  const at = order?.occurredAt ?? occurredAt;
  return rejected({ orderId, ...customer, reasons: [unreadable], occurredAt: at });
}

const unreadable: Reason = {
  code: 'check-failed',
  text: 'The order could not be checked; nothing was charged.',
};
const tooLate: Reason = {
  code: 'check-failed',
  text: 'The order could not be checked in time; nothing was charged.',
};

/** In order of line number, and the same words once. */
function stockReasons(
  { lines }: Payload<'OrderOpened'>,
  refused: Readonly<Record<number, RefusedLine>>,
): Reason[] {
  const texts = lines
    .toSorted((a, b) => a.lineNumber - b.lineNumber)
    .flatMap(({ lineNumber, quantity }) => {
      const line = refused[lineNumber];
      return line ? [missingWords(line, quantity)] : [];
    });
  return [...new Set(texts)].map((text) => ({ code: 'out-of-stock', text }));
}

/** A line is refused whole: what is left may be something, and is less than was asked for. */
function missingWords({ sku, available }: RefusedLine, quantity: number): string {
  if (available === 0) return `${spoken(sku)} is out of stock.`;
  const left = available === 1 ? '1 is left' : `${available} are left`;
  return `${spoken(sku)}: you asked for ${quantity}, ${left}.`;
}

/** `espresso-cup` is said "Espresso cup". */
function spoken(sku: string): string {
  const words = sku.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const fraudTexts: Record<Payload<'FraudRefused'>['reason'], string> = {
  'too-many-orders': 'Too many orders in a short time. Wait a minute, then order again.',
  'amount-too-large': 'The total is above the largest amount we accept.',
};

function fraudReasons({ reason }: FraudAnswer): Reason[] {
  return reason ? [{ code: 'fraud', text: fraudTexts[reason] }] : [];
}
